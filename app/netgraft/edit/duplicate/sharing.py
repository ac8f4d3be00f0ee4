"""The `param` names of the copies: what they have in common, and what each has to itself.

Caffe ties blobs by `param { name }` alone, and names are one row for the whole net
(Net::AppendParam). So an independent copy must not keep a name, and shared blobs need one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from netgraft.edit.duplicate.naming import Namer
from netgraft.edit.duplicate.plan import Share
from netgraft.edit.duplicate.selection import Selection
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.groups import User, first_stated, users
from netgraft.edit.meaning import BATCH_NORM, blob_roles, roles, short_role
from netgraft.edit.numbers import same_float32
from netgraft.edit.params import KEEP, Keep, ParamChange
from netgraft.edit.report import Note
from netgraft.edit.view import LayerText, View

State = Literal["shared", "independent"]


@dataclass(slots=True)
class Sharing:
    """What becomes of every `param`: changes by (key, copy) and blob, groups by (key, blob)."""

    changes: dict[tuple[str, int], dict[int, ParamChange]] = field(default_factory=dict)
    groups: dict[tuple[str, int], str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def change(self, key: str, copy: int, blob: int) -> ParamChange:
        """The change of one `param`, made if there is none yet."""
        return self.changes.setdefault((key, copy), {}).setdefault(blob, ParamChange())


def decide(view: View, selection: Selection, share: Share) -> dict[str, State]:
    """Shared or independent, by key. Raises EditError for names that are not in the selection."""
    known = {layer.name for layer in selection.layers} | selection.keys
    for name in share.layers:
        if name not in known:
            hint = suggestion(name, known)
            raise EditError("unknown-layer", f"share names {name!r}, which is not in the selection.{hint}")
    decisions: dict[str, State] = {}
    for layer in selection.layers:
        asked = share.layers.get(layer.key, share.layers.get(layer.name))
        if asked is not None:
            decisions[layer.key] = asked
        else:
            by_default = share.default == "all" and layer.type != BATCH_NORM
            decisions[layer.key] = "shared" if by_default else "independent"
    return decisions


def share_params(view: View, selection: Selection, share: Share, namer: Namer) -> Sharing:
    """The names of all `param` entries of all copies.

    Shared: one name over the copies, the one that stands there or one made from layer and role;
    entries that are missing come to be. Independent: names inside a copy become its own, so ties
    within it survive and none goes out of it (a name that would tie nothing any more goes); a first copy that
    keeps its names keeps its ties.
    """
    decisions = decide(view, selection, share)
    result = Sharing()
    made: dict[tuple[str, int], str] = {}
    for layer in selection.layers:
        if decisions[layer.key] == "shared":
            _share(view, layer, share, namer, made, result)
        else:
            _free(view, layer, decisions, namer, result)
    _tell_torn_ties(view, selection, decisions, namer, result)
    return result


def _share(
    view: View,
    layer: LayerText,
    share: Share,
    namer: Namer,
    made: dict[tuple[str, int], str],
    result: Sharing,
) -> None:
    names = blob_roles(view, layer)
    if not names:
        if roles(view, layer) is None and (layer.key in share.layers or layer.name in share.layers):
            raise EditError(
                "blobs-unknown",
                f"Nobody knows how many parameters layer {layer.name!r} has (its type {layer.type!r} is not "
                "in the catalogue): state one `param { }` for each of them first, or leave it independent.",
                layer.place,
            )
        if roles(view, layer) is None:
            text = (
                f"Layer {layer.name!r} of unknown type {layer.type!r} states no `param`: it shares nothing."
            )
            result.notes.append(Note(code="blobs-unknown", severity="warning", message=text, layer=layer.key))
        return
    for blob, role in enumerate(names):
        stated = layer.params[blob].name if blob < len(layer.params) else ""
        group = stated or made.get((layer.name, blob), "")
        if not group:
            group = namer.fresh_param(f"{layer.name or layer.type.lower()}_{short_role(role)}")
        made[(layer.name, blob)] = group
        result.groups[(layer.key, blob)] = group
        for copy in range(len(namer.affixes)):
            change = result.change(layer.key, copy, blob)
            if not stated:
                change.name = group
            if layer.type == BATCH_NORM:
                change.lr_mult = 0.0  # a stated `param` without it would count as 1, which Caffe refuses
    if layer.type == BATCH_NORM:
        text = f"The copies of {layer.name!r} share BatchNorm statistics: every branch overwrites one mean."
        result.notes.append(Note(code="shared-batchnorm", severity="warning", message=text, layer=layer.key))


def _free(
    view: View, layer: LayerText, decisions: Mapping[str, State], namer: Namer, result: Sharing
) -> None:
    for blob, param in enumerate(layer.params):
        if not param.name:
            continue
        group = users(view, param.name)
        left = [user for user in group if decisions.get(user.layer.key) != "independent"]
        alone = bool(left) and len(group) - len(left) == 1
        for copy, affix in enumerate(namer.affixes):
            if not affix.text:
                continue
            change = result.change(layer.key, copy, blob)
            change.name = None if alone else namer.param(param.name, copy)
            if alone:
                change.share_mode = None
            # The group's rate was this blob's, whoever stated it: it must not become 1 by leaving.
            if param.lr_mult is None:
                change.lr_mult = _rate_left_behind(group, left, "lr_mult")
            if param.decay_mult is None:
                change.decay_mult = _rate_left_behind(group, left, "decay_mult")


def _rate_left_behind(group: list[User], left: list[User], which: str) -> float | Keep:
    """The rate that only those state who are left behind; KEEP where it needs no saying."""
    staying = [user for user in group if user not in left]
    rate = first_stated(group, which)
    if rate is None or same_float32(rate, 1) or first_stated(staying, which) is not None:
        return KEEP
    return rate


def _tell_torn_ties(
    view: View, selection: Selection, decisions: Mapping[str, State], namer: Namer, result: Sharing
) -> None:
    first_stays = not namer.affixes[0].text
    for name, group in view.param_users.items():
        inside = [layer for layer, _ in group if layer.key in selection.keys]
        if not inside:
            continue
        states = {decisions[layer.key] for layer in inside}
        outside = [layer for layer, _ in group if layer.key not in selection.keys]
        if len(states) == 2:
            free = next(layer.name for layer in inside if decisions[layer.key] == "independent")
            text = f"{name!r} ties shared and independent layers: the copies of {free!r} leave it."
            result.notes.append(Note(code="tie-torn", severity="warning", message=text))
        elif outside and states == {"independent"}:
            what = "only the first copy stays tied to it" if first_stays else "no copy stays tied to it"
            text = f"{name!r} also ties {outside[0].name!r}, not selected: {what}."
            result.notes.append(Note(code="tie-outside", severity="info", message=text))
