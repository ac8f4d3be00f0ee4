"""An edit that was made for one revision, carried over to another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from netgraft.caffe.layers import outline
from netgraft.edit.document import Document, Edited
from netgraft.edit.errors import EditError
from netgraft.edit.operations import Operation, ReplaceText, Upgrade
from netgraft.edit.rebase.clash import Clash, Refused
from netgraft.edit.rebase.judge import (
    Premises,
    Sides,
    collisions,
    deleted_by_both,
    in_order,
    is_of_new_names,
    judge,
)
from netgraft.edit.rebase.names import Given
from netgraft.edit.rebase.threeway import merge
from netgraft.edit.report import Report
from netgraft.edit.upgrade import modernise, modernise_layers
from netgraft.edit.view import has_inputs

Apply = Callable[[Document, Operation], Edited]
"""Carries one operation out; raises EditError, or what the caller wants to be told of."""


@dataclass(frozen=True, eq=False)
class Rebased:
    """`operations` are what was carried out on the head: those asked for, a typed text merged. `names` were
    given otherwise than the edit alone would have given them, because they were taken meanwhile."""

    document: Document
    reports: Sequence[Report]
    operations: Sequence[Operation]
    names: Sequence[Given]


def rebase(
    base: Document, head: Document, operations: Sequence[Operation], apply: Apply, premises: Premises
) -> Rebased:
    """What the operations, made for `base`, make of `head`.

    Raises Refused where others changed what they touch or rest on; what `apply` raises for the base, where
    they could not be carried out at all; and what but EditError it raises for the head.
    """
    base = _in_todays_format(base, head, operations)
    alone = base
    alones: list[Document] = []
    for operation in operations:
        alone = apply(alone, operation).document
        alones.append(alone)
    sides = Sides.of(base, alone, head)
    found = collisions(sides)
    if clear := [clash for clash in found if not is_of_new_names(clash, sides)]:
        raise Refused(in_order(clear, head))
    now, reports, carried = head, [], []
    for operation, was, made in zip(operations, (base, *alones), alones, strict=False):
        if isinstance(operation, ReplaceText):
            text = merge(was.tree, made.tree, now.tree)
            operation = operation.model_copy(update={"text": text})
        try:
            edited = apply(now, operation)
        except EditError as error:
            words = Clash("operation", operation.op, "told", error.message)
            raise Refused(in_order([*found, *deleted_by_both(sides), words], head)) from error
        now = edited.document
        reports.append(edited.report)
        carried.append(operation)
    wrong, names = judge(sides, now, premises)
    if wrong:
        raise Refused(wrong)
    return Rebased(now, reports, carried, names)


def _in_todays_format(base: Document, head: Document, operations: Sequence[Operation]) -> Document:
    """The base as the first edit of an old-format net rewrites it, where the head is rewritten already."""
    if any(isinstance(operation, ReplaceText | Upgrade) for operation in operations):
        return base  # these say themselves what the text is to be
    try:
        if outline(base.tree).reading.old_layers and not outline(head.tree).reading.old_layers:
            base = modernise_layers(base)[0]
        if has_inputs(base.tree) and not has_inputs(head.tree):
            base = modernise(base)[0]
    except EditError:
        pass  # then both differ all over, and that is told
    return base
