"""How fast each copy learns, and where that contradicts what it shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from netgraft.edit.duplicate.plan import LayerRate, Rate
from netgraft.edit.duplicate.selection import Selection
from netgraft.edit.duplicate.sharing import Sharing
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.groups import User, first_stated, users
from netgraft.edit.meaning import BATCH_NORM, blob_roles, roles
from netgraft.edit.numbers import multiplier, same_float32, write_float
from netgraft.edit.params import KEEP, ParamChange
from netgraft.edit.report import Fix, Note
from netgraft.edit.view import LayerText, View

Which = Literal["lr_mult", "decay_mult"]


def check_rates(rates: Sequence[Rate], copies: int, selection: Selection) -> list[Rate]:
    """One rate a copy. Raises EditError for a wrong number, bad numbers, unknown layers."""
    if not rates:
        return [Rate() for _ in range(copies)]
    if len(rates) != copies:
        raise EditError(
            "wrong-number-of-rates", f"{copies} copies need {copies} rates (or none), not {len(rates)}."
        )
    known = {layer.name for layer in selection.layers} | selection.keys
    for rate in rates:
        check_rate(rate)
        for name, one in rate.layers.items():
            if name not in known:
                hint = suggestion(name, known)
                raise EditError("unknown-layer", f"rates name {name!r}, which is not in the selection.{hint}")
            check_rate(one)
    return list(rates)


def check_rate(rate: LayerRate) -> None:
    """Raises EditError for numbers that are no rates, and for rates that contradict themselves."""
    multiplier("lr_mult", rate.lr_mult)
    multiplier("scale_lr", rate.scale_lr)
    multiplier("decay_mult", rate.decay_mult)
    if rate.lr_mult is not None and rate.scale_lr is not None:
        raise EditError("bad-rate", "Set lr_mult or scale it, not both.")
    if rate.freeze and (rate.lr_mult or rate.scale_lr or rate.decay_mult):
        raise EditError("bad-rate", "A frozen copy has lr_mult 0 and decay_mult 0: it takes no other rate.")


def rate_params(view: View, selection: Selection, rates: Sequence[Rate], sharing: Sharing) -> None:
    """Writes the rates into the changes of `sharing`: only where there are blobs, never on BatchNorm."""
    frozen: dict[str, None] = {}
    for layer in selection.layers:
        if layer.type == BATCH_NORM:
            continue
        count = len(blob_roles(view, layer))
        for copy, rate in enumerate(rates):
            chosen = rate.for_layer(layer.name, layer.key)
            if chosen.idle:
                continue
            if count == 0 and roles(view, layer) is None:
                text = (
                    f"Layer {layer.name!r} of unknown type {layer.type!r} states no `param`: its rate stays."
                )
                sharing.notes.append(
                    Note(code="blobs-unknown", severity="warning", message=text, layer=layer.key)
                )
                break
            for blob in range(count):
                effective = effective_rate(view, layer, blob)
                apply_rate(effective, chosen, sharing.change(layer.key, copy, blob))
                if effective == 0 and chosen.scale_lr not in (None, 0, 1):
                    frozen[layer.name] = None
    if frozen:
        names = ", ".join(repr(name) for name in frozen)
        text = f"lr_mult 0 stays 0 when it is scaled: {names} learn nothing. Set lr_mult to thaw them."
        sharing.notes.append(Note(code="scaled-zero", severity="warning", message=text))


def effective_rate(view: View, layer: LayerText, blob: int, which: Which = "lr_mult") -> float | None:
    """The rate at which a blob learns (or decays): the one its layer states, else that of its share
    group; None where nobody states any (it is 1 then)."""
    if blob >= len(layer.params):
        return None
    own = User(layer, blob)
    stated = first_stated([own], which)
    if stated is not None or not own.param.name:
        return stated
    return first_stated(users(view, own.param.name), which)


def apply_rate(effective: float | None, rate: LayerRate, change: ParamChange) -> None:
    """One blob's new rate, from the lr_mult at which it learns now (None: 1, which nobody states)."""
    if rate.freeze:
        change.lr_mult = change.decay_mult = 0.0
        return
    if rate.lr_mult is not None:
        change.lr_mult = rate.lr_mult
    elif rate.scale_lr is not None and (effective is not None or rate.scale_lr != 1):
        change.lr_mult = (1.0 if effective is None else effective) * rate.scale_lr
    if rate.decay_mult is not None:
        change.decay_mult = rate.decay_mult


class Stated(NamedTuple):
    """What one user of a `param` name states."""

    key: str
    blob: int
    value: float | None
    copy: int = 0


def rate_after(layer: LayerText, blob: int, change: ParamChange | None, which: Which) -> float | None:
    """What a `param` states after a change; None is nothing."""
    if change is not None:
        value = change.lr_mult if which == "lr_mult" else change.decay_mult
        if value is not KEEP:
            return value
    if blob >= len(layer.params):
        return None
    param = layer.params[blob]
    return param.lr_mult if which == "lr_mult" else param.decay_mult


def contradictions(
    view: View, selection: Selection, sharing: Sharing, keys: Mapping[tuple[str, int], str]
) -> list[Note]:
    """The share groups whose users state different rates, in Caffe's words, with two remedies.

    Also the groups whose owner states none where a sharer does: that value would rule them all.
    `keys` gives each copy's layer key after the graft.
    """
    groups: dict[str, dict[Which, list[Stated]]] = {}
    kinds: tuple[Which, ...] = ("lr_mult", "decay_mult")
    for which in kinds:
        for name, stated in _users(view, selection, sharing, keys, which).items():
            groups.setdefault(name, {})[which] = stated
    torn: list[tuple[str, Which, list[Stated]]] = []
    notes: list[Note] = []
    for name, rows in groups.items():
        for which, stated in rows.items():
            values = [user.value for user in stated if user.value is not None]
            if any(not same_float32(value, values[0]) for value in values[1:]):
                torn.append((name, which, stated))
            elif values and stated[0].value is None and not same_float32(values[0], 1):
                notes.append(_from_sharer(name, which, stated, values[0]))
    fixes = _remedies(torn)
    for name, which, stated in torn:
        spelled = sorted({write_float(user.value) for user in stated if user.value is not None}, key=float)
        sharer = next(
            user
            for user in stated[1:]
            if user.value is not None and not same_float32(user.value, _first(stated))
        )
        more = f" One shared blob learns at one rate, and its copies state {' and '.join(spelled)}."
        notes.append(mismatch(name, which, sharer.key, fixes, more))
    return notes


def mismatch(name: str, which: str, layer: str, fixes: list[Fix], more: str = "") -> Note:
    """What Caffe dies of where the users of one name state two rates; `more` says it for people."""
    words = f"Shared param '{name}' has mismatched {which}."
    return Note(
        code=f"mismatched-{which.replace('_', '-')}",
        severity="error",
        message=words + more,
        caffe_message=words,
        layer=layer,
        fixes=fixes,
    )


def _first(stated: Sequence[Stated]) -> float:
    return next(user.value for user in stated if user.value is not None)


def _users(
    view: View, selection: Selection, sharing: Sharing, keys: Mapping[tuple[str, int], str], which: Which
) -> dict[str, list[Stated]]:
    """Every user of each name that ties a copy to something, in file order: the copies come last."""
    found: dict[str, list[Stated]] = {}
    later: dict[str, list[Stated]] = {}
    touched: dict[str, None] = {}
    copies = 1 + max((copy for _, copy in keys), default=0)
    for layer in view.layers:
        inside = layer.key in selection.keys
        for copy in range(copies if inside else 1):
            changes = sharing.changes.get((layer.key, copy), {}) if inside else {}
            for blob in range(max([len(layer.params), *(blob + 1 for blob in changes)])):
                change = changes.get(blob)
                name = _name_after(layer, blob, change)
                if not name:
                    continue
                if inside:
                    touched[name] = None
                key = keys[(layer.key, copy)] if inside else layer.key
                row = later if copy else found
                user = Stated(key, blob, rate_after(layer, blob, change, which), copy)
                row.setdefault(name, []).append(user)
    ordered = {
        name: found.get(name, []) + sorted(later.get(name, []), key=lambda user: user.copy)
        for name in touched
    }
    return {name: users for name, users in ordered.items() if len(users) > 1}


def _name_after(layer: LayerText, blob: int, change: ParamChange | None) -> str:
    if change is not None and change.name is not KEEP:
        return change.name or ""
    return layer.params[blob].name if blob < len(layer.params) else ""


def _from_sharer(name: str, which: str, stated: Sequence[Stated], value: float) -> Note:
    sharer = next(user for user in stated if user.value is not None)
    text = (
        f"The owner of {name!r}, {stated[0].key!r}, states no {which}, and {sharer.key!r} states "
        f"{write_float(value)}: that value rules them all."
    )
    fix = Fix(title=f"Give {name!r} one rate", operations=[{"op": "one_rate", "name": name, which: value}])
    return Note(code="rate-from-sharer", severity="warning", message=text, layer=sharer.key, fixes=[fix])


def _remedies(torn: Sequence[tuple[str, Which, list[Stated]]]) -> list[Fix]:
    """For all contradictions of one graft at once: unshare the blobs, or give each group one rate."""
    if not torn:
        return []
    free: dict[tuple[str, int], dict[str, Any]] = {}
    rates: dict[str, dict[str, Any]] = {}
    for name, which, stated in torn:
        for user in stated:
            if user.copy:
                free[(user.key, user.blob)] = {"op": "unshare", "layer": user.key, "blob": user.blob}
        rates.setdefault(name, {"op": "one_rate", "name": name})[which] = _first(stated)
    return [
        Fix(title="Unshare these blobs", operations=list(free.values())),
        Fix(title="Give each shared blob one rate", operations=list(rates.values())),
    ]
