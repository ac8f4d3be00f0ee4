"""Operations on share groups: leave one, make one, rename one, give one a single rate."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from netgraft import prototxt
from netgraft.edit.document import Document, Edited
from netgraft.edit.errors import EditError
from netgraft.edit.groups import User, agree, blob_indices, first_stated, own_name, users
from netgraft.edit.meaning import BATCH_NORM, blob_roles, states
from netgraft.edit.numbers import multiplier, same_float32, write_float
from netgraft.edit.operations import OneRate, RenameShareGroup, ShareBlobs, Unshare
from netgraft.edit.origins import tidy, with_owner
from netgraft.edit.params import ParamChange, change_params
from netgraft.edit.report import Fix, Note, Renamed, Report
from netgraft.edit.shapes import Datum, layer_shapes
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, View, view
from netgraft.prototxt import Splice
from netgraft.weights.origin import Origin

Changes = dict[str, dict[int, ParamChange]]


def splices_for(here: View, changes: Changes) -> list[Splice]:
    """The splices of changes by layer key and blob."""
    found: list[Splice] = []
    for key, by_blob in changes.items():
        found += change_params(here.tree, here.by_key[key], by_blob)
    return found


def unshare(document: Document, operation: Unshare, datum: Datum = MappingProxyType({})) -> Edited:
    """A layer's blobs leave their share groups: their names go, and so does a name that is left alone.

    TRAIN and TEST variants of the layer go along. The rate that the group gave a blob is written
    where the layer states none. The weights: what is stored for the layer itself (Caffe stores
    sharers too), else the former owner's. A layer that was left to its filler stays so where its blobs have
    another shape than the owner's; `datum` says what data sources hold, which shapes may depend on.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    blobs = blob_indices(here, layer, operation.blob)
    leaving = [
        User(variant, blob)
        for variant in here.variants(layer.name)
        for blob in blobs
        if blob < len(variant.params) and variant.params[blob].name
    ]
    if not leaving:
        which = "" if operation.blob is None else f" {operation.blob}"
        raise EditError("not-shared", f"Layer {layer.name!r} shares no parameter{which}.", layer.place)
    changes: Changes = {}
    origins: dict[str, Origin | None] = dict(document.origins)
    renamed: list[Renamed] = []
    summary: list[str] = []
    for name in dict.fromkeys(user.param.name for user in leaving):
        group = users(here, name)
        going = [user for user in leaving if user.param.name == name]
        staying = [user for user in group if user not in going]
        for user in going:
            _leave(user, group, changes)
            summary.append(_told(here, user, name, group[0]))
        if _one_blob(here, staying):
            for user in staying:
                changes.setdefault(user.layer.key, {})[user.blob] = ParamChange(name=None)
            renamed.append(Renamed(kind="param", old=name, new="", reason="One blob alone shares nothing."))
        _keep_weights(document, group, going, staying, origins, datum)
    tree = prototxt.apply(document.tree, splices_for(here, changes))
    report = Report(
        op="unshare",
        title=f"Unshare {layer.name}",
        summary=summary,
        upgraded=upgraded,
        changed=list(changes),
        renamed=renamed,
    )
    return Edited(Document(tree, tidy(origins, view(tree))), report)


def _leave(user: User, group: list[User], changes: Changes) -> None:
    change = changes.setdefault(user.layer.key, {}).setdefault(user.blob, ParamChange())
    change.name = None
    if user.param.lr_mult is None:
        rate = first_stated(group, "lr_mult")
        if rate is not None and not same_float32(rate, 1):
            change.lr_mult = rate
    if user.param.decay_mult is None:
        rate = first_stated(group, "decay_mult")
        if rate is not None and not same_float32(rate, 1):
            change.decay_mult = rate


def _told(here: View, user: User, name: str, owner: User) -> str:
    names = blob_roles(here, user.layer)
    role = names[user.blob] if user.blob < len(names) else f"blob {user.blob}"
    was = "which it owned" if owner == user else f"owned by {owner.layer.key!r}"
    lr = write_float(1 if user.param.lr_mult is None else user.param.lr_mult)
    return f"{user.layer.key}: its {role} is its own now; it was {name!r}, {was}; lr_mult {lr}"


def _one_blob(here: View, staying: list[User]) -> bool:
    """Whether those who keep a name are one parameter: one user, or variants of one layer that are never in
    one net together."""
    if len({(user.layer.name, user.blob) for user in staying}) != 1:
        return False
    return len(staying) == 1 or all(
        sum(user.layer.active(state) for user in staying) <= 1 for state in states(here)
    )


def _keep_weights(
    document: Document,
    group: list[User],
    going: list[User],
    staying: list[User],
    origins: dict[str, Origin | None],
    datum: Datum,
) -> None:
    """Who leaves an owner, and who is left by one, can still start from that owner's stored blobs."""
    owner = group[0].layer.name
    orphans = going if group[0] not in going else [*going, *staying]
    for user in orphans:
        name = user.layer.name
        if name == owner or user.blob != group[0].blob:
            continue
        source = document.origin(owner)
        if source is not None and not (
            origins.get(name, source) is None and _other_shape(document, user.layer, group[0].layer, datum)
        ):
            origins[name] = with_owner(origins.get(name, Origin(name)), source)


def _other_shape(document: Document, layer: LayerText, owner: LayerText, datum: Datum) -> bool:
    """Whether a layer's parameters have another shape than the owner's in some state: what is stored for the
    one does not fit the other."""
    for layers in layer_shapes(document.tree, states(view(document.tree)), datum).values():
        mine, theirs = layers.get(layer.key), layers.get(owner.key)
        pairs = zip(mine.blobs, theirs.blobs, strict=False) if mine and theirs else ()
        if any(None not in pair and pair[0] != pair[1] for pair in pairs):
            return True
    return False


def share(document: Document, operation: ShareBlobs) -> Edited:
    """Blobs get one `param` name. Entries that are missing come to be; BatchNorm's state lr_mult 0."""
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    members = _members(here, operation)
    owner, blob = members[0]
    known = [_name_of(layer, index) for layer, index in members]
    name = operation.name
    if name is None:
        name = next(filter(None, known), None) or own_name(here, owner, blob)
    elif not name:
        raise EditError("empty-name", "A share group needs a name.")
    changes: Changes = {}
    for position, (layer, index) in enumerate(members):
        change = changes.setdefault(layer.key, {}).setdefault(index, ParamChange())
        if known[position] != name:
            change.name = name
        if operation.share_mode is not None and position:
            change.share_mode = operation.share_mode
        if layer.type == BATCH_NORM:
            change.lr_mult = 0.0
    tree = prototxt.apply(document.tree, splices_for(here, changes))
    after = view(tree)
    notes = _share_notes(here, after, name, members)
    told = ", ".join(f"{layer.key}[{index}]" for layer, index in members)
    report = Report(
        op="share",
        title=f"Share {name}",
        summary=[f"{name}: {told}; the owner is {users(after, name)[0].layer.key}"],
        upgraded=upgraded,
        changed=list(changes),
        renamed=[
            Renamed(kind="param", old=old, new=name) for old in dict.fromkeys(known) if old and old != name
        ],
        notes=notes,
    )
    return Edited(Document(tree, document.origins), report)


def _members(here: View, operation: ShareBlobs) -> list[tuple[LayerText, int]]:
    wanted: dict[tuple[str, int], LayerText] = {}
    for member in operation.members:
        layer = here.layer(member.layer)
        blob_indices(here, layer, member.blob)
        for variant in here.variants(layer.name) if layer.name else [layer]:
            wanted[(variant.key, member.blob)] = variant
    if len({(layer.name, blob) for (_, blob), layer in wanted.items()}) < 2:
        raise EditError("too-few-members", "Sharing takes two different parameters at least.")
    order = {layer.key: index for index, layer in enumerate(here.layers)}
    keys = sorted(wanted, key=lambda one: (order[one[0]], one[1]))
    return [(wanted[key], key[1]) for key in keys]


def _name_of(layer: LayerText, blob: int) -> str:
    return layer.params[blob].name if blob < len(layer.params) else ""


def _share_notes(here: View, after: View, name: str, members: Iterable[tuple[LayerText, int]]) -> list[Note]:
    notes: list[Note] = []
    group = users(after, name)
    for which in ("lr_mult", "decay_mult"):
        if not agree(group, which):
            words = f"Shared param '{name}' has mismatched {which}."
            fix = Fix(title=f"Give {name!r} one rate", operations=[{"op": "one_rate", "name": name}])
            code = f"mismatched-{which.replace('_', '-')}"
            notes.append(Note(code=code, severity="error", message=words, caffe_message=words, fixes=[fix]))
    layers = [layer for layer, _ in members]
    if any(layer.type == BATCH_NORM for layer in layers):
        text = "BatchNorm statistics are shared: every branch overwrites one running mean."
        notes.append(Note(code="shared-batchnorm", severity="warning", message=text))
    if len({layer.type for layer in layers}) > 1:
        text = f"{name!r} ties layers of different types: {', '.join(sorted({one.type for one in layers}))}."
        notes.append(Note(code="unrelated-share", severity="warning", message=text))
    if name in here.param_users and len(group) > len(layers):
        text = f"{name!r} was in use already: its other users are tied too."
        notes.append(Note(code="joined-group", severity="warning", message=text))
    return notes


def rename_share_group(document: Document, operation: RenameShareGroup) -> Edited:
    """One `param` name becomes another at all its users."""
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    group = users(here, operation.name)
    if not operation.to:
        raise EditError("empty-name", "A share group needs a name.")
    if operation.to != operation.name and operation.to in here.param_users:
        other = here.param_users[operation.to][0][0].key
        raise EditError(
            "name-taken", f"{operation.to!r} is in use at {other!r}: one name would tie the two groups."
        )
    changes: Changes = {}
    for user in group:
        changes.setdefault(user.layer.key, {})[user.blob] = ParamChange(name=operation.to)
    tree = prototxt.apply(document.tree, splices_for(here, changes))
    report = Report(
        op="rename_share_group",
        title=f"Rename {operation.name} to {operation.to}",
        summary=[f"{operation.name} -> {operation.to} at {len(group)} parameters"],
        upgraded=upgraded,
        changed=list(changes),
        renamed=[Renamed(kind="param", old=operation.name, new=operation.to)],
    )
    return Edited(Document(tree, document.origins), report)


def one_rate(document: Document, operation: OneRate) -> Edited:
    """All users of a name state one rate: the one given, else the first that one of them states."""
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    group = users(here, operation.name)
    changes: Changes = {}
    told: list[str] = []
    notes: list[Note] = []
    statistics = any(user.layer.type == BATCH_NORM for user in group)
    asked = {
        "lr_mult": multiplier("lr_mult", operation.lr_mult),
        "decay_mult": multiplier("decay_mult", operation.decay_mult),
    }
    neither = not any(value is not None for value in asked.values())
    for which, value in asked.items():
        rate = value
        if rate is None and neither:
            rate = first_stated(group, which)
        if rate is None:
            continue
        if rate and statistics:
            rate = 0.0
            text = f"Cannot configure batch normalization statistics as layer parameters: all get {which} 0."
            notes.append(Note(code="batch-norm-rate", severity="warning", message=text))
        told.append(f"{which} {write_float(rate)}")
        for user in group:
            change = changes.setdefault(user.layer.key, {}).setdefault(user.blob, ParamChange())
            if which == "lr_mult":
                change.lr_mult = rate
            else:
                change.decay_mult = rate
    tree = prototxt.apply(document.tree, splices_for(here, changes))
    report = Report(
        op="one_rate",
        title=f"One rate for {operation.name}",
        summary=[f"{operation.name}: {', '.join(told) or 'no rate is stated'} at {len(group)} parameters"],
        upgraded=upgraded,
        changed=list(changes),
        notes=notes,
    )
    return Edited(Document(tree, document.origins), report)
