"""Layers that were left to their fillers because their weights did not fit, and that these fit again."""

from __future__ import annotations

from netgraft.edit.document import Document, Edited
from netgraft.edit.report import Fix, Note
from netgraft.edit.shapes import Datum
from netgraft.edit.taking import Sources, targets_of
from netgraft.weights.resolve import find_clash


def refit(before: Document, edited: Edited, datum: Datum, sources: Sources | None) -> Edited:
    """An edit of `before`, such layers starting from their weights: as after a Concat went, or is read no
    more, that had made their input wider. A layer that could have loaded before is at its filler on purpose,
    and stays there."""
    main, after = sources.get("") if sources else None, edited.document
    left = [name for name, origin in after.origins.items() if origin is None]
    if main is None or not left:
        return edited
    was, now = targets_of(before, datum), targets_of(after, datum)
    origins, notes = dict(after.origins), list(edited.report.notes)
    for name in left:
        stored, old, new = main.effective(name), was.get(name), now.get(name)
        if stored is None or not stored.blobs or old is None or new is None:
            continue
        known = new.blobs is not None and None not in new.blobs
        if known and find_clash(old, stored) and not find_clash(new, stored):
            del origins[name]
            operation = {"op": "leave_to_filler", "layers": [new.key]}
            text = f"{name!r} starts from its stored weights again, which did not fit it before."
            fix = Fix(title=f"Leave {name} to its filler", operations=[operation])
            notes.append(Note(code="fits-again", severity="info", message=text, layer=new.key, fixes=[fix]))
    return Edited(Document(after.tree, origins), edited.report.model_copy(update={"notes": notes}))
