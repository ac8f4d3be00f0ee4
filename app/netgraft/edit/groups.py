"""Share groups as the text ties them: everyone who uses one `param` name, whatever the phase."""

from __future__ import annotations

from typing import NamedTuple

from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.meaning import blob_roles, roles, short_role
from netgraft.edit.numbers import same_float32
from netgraft.edit.view import LayerText, Param, View, unique


class User(NamedTuple):
    """One blob that bears a `param` name."""

    layer: LayerText
    blob: int

    @property
    def param(self) -> Param:
        """What its layer states of it."""
        return self.layer.params[self.blob]


def users(view: View, name: str) -> list[User]:
    """The users of a name in file order, the owner first. Raises EditError where there is none."""
    found = [User(layer, blob) for layer, blob in view.param_users.get(name, ())]
    if not found:
        hint = suggestion(name, view.param_users)
        raise EditError("unknown-share-group", f"No layer has a parameter named {name!r}.{hint}")
    return found


def first_stated(group: list[User], which: str) -> float | None:
    """The group's rate as Caffe takes it: the first that a user states; None where none does."""
    values = (user.param.lr_mult if which == "lr_mult" else user.param.decay_mult for user in group)
    return next((value for value in values if value is not None), None)


def agree(group: list[User], which: str) -> bool:
    """Whether all stated values are one as 32-bit floats."""
    values = [user.param.lr_mult if which == "lr_mult" else user.param.decay_mult for user in group]
    stated = [value for value in values if value is not None]
    return all(same_float32(value, stated[0]) for value in stated[1:])


def blob_indices(view: View, layer: LayerText, blob: int | None) -> list[int]:
    """The blobs that an operation means: one, or all. Raises EditError for a blob that the layer has not."""
    known = roles(view, layer)
    count = max(len(layer.params), len(known or ()))
    if blob is None:
        return list(range(count))
    if known is not None and blob >= count:
        has = f"only {count}" if count else "none"
        raise EditError(
            "unknown-blob", f"Layer {layer.name!r} has no parameter {blob}: it has {has}.", layer.place
        )
    return [blob]


def own_name(view: View, layer: LayerText, blob: int, taken: frozenset[str] = frozenset()) -> str:
    """A free `param` name made of layer and role: `conv1_w`."""
    names = blob_roles(view, layer)
    role = names[blob] if blob < len(names) else f"blob{blob}"
    return unique(f"{layer.name or layer.type.lower()}_{short_role(role)}", {*view.param_users, *taken})
