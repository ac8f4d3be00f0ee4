"""The chain of upgrades, in Caffe's order (UpgradeNetAsNeeded), each pass a rewrite of the text."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.caffe.diagnostics import Place
from netgraft.caffe.layers import outline
from netgraft.edit.document import Document, Edited
from netgraft.edit.errors import EditError
from netgraft.edit.meaning import BATCH_NORM
from netgraft.edit.params import ParamChange, change_params
from netgraft.edit.report import Report
from netgraft.edit.upgrade.inputs import rewrite_inputs
from netgraft.edit.upgrade.v0 import rewrite_v0
from netgraft.edit.upgrade.v1 import rewrite_v1
from netgraft.edit.view import view
from netgraft.prototxt import Splice

_V0, _INPUTS, _BATCH_NORM = "V0 layers", "net-level inputs", "BatchNorm layers with three params"


def upgrade(document: Document) -> Edited:
    """The whole file in today's format, as Caffe's upgrade_net_proto_text makes it."""
    done, told = modernise(document)
    tree = _rewrite_batch_norm(done.tree)
    if tree.text != done.tree.text:
        told.append(_BATCH_NORM)
    if not told:
        raise EditError("nothing-to-upgrade", "The net is in the format of Caffe 1.0 already.")
    report = Report(
        op="upgrade",
        title="Upgrade to the format of Caffe 1.0",
        summary=[f"upgraded: {what}" for what in told],
        changed=[layer.key for layer in view(tree).layers],
    )
    return Edited(Document(tree, document.origins), report)


def modernise(document: Document) -> tuple[Document, list[str]]:
    """The document without old layers and net-level inputs, and what had to be rewritten for that.

    Raises EditError where Caffe's own upgrade would abort.
    """
    document, told = modernise_layers(document)
    if _INPUTS in outline(document.tree).upgraded.upgrades:
        told.append(_INPUTS)
        document = Document(rewrite_inputs(document.tree), document.origins)
    return document, told


def modernise_layers(document: Document) -> tuple[Document, list[str]]:
    """The document without V0 and V1 layers; net-level inputs stay."""
    tree = document.tree
    found = outline(tree)
    if not found.reading.old_layers:
        return document, []
    for problem in found.upgraded.problems:
        where = Place(problem.chunk, problem.field.start, problem.field.end)
        raise EditError(problem.code, f"The net cannot be upgraded: {problem.message}", where)
    for old in found.reading.old_layers:
        for error in tree.chunks[old.chunk].errors:
            where = Place(old.chunk, error.start, error.start + 1)
            text = f"The net cannot be upgraded before its text is right: {error.message}"
            raise EditError("syntax", text, where)
    rewrite = rewrite_v0 if _V0 in found.upgraded.upgrades else rewrite_v1
    told = [what for what in found.upgraded.upgrades if what not in (_INPUTS, _BATCH_NORM)]
    return Document(rewrite(tree), document.origins), told


def _rewrite_batch_norm(tree: prototxt.Document) -> prototxt.Document:
    """BatchNorm with exactly three params: all of them learn nothing (UpgradeNetBatchNorm)."""
    if _BATCH_NORM not in outline(tree).upgraded.upgrades:
        return tree
    splices: list[Splice] = []
    for layer in view(tree).layers:
        if layer.type == BATCH_NORM and len(layer.params) == 3:
            changes = {blob: ParamChange(lr_mult=0.0, decay_mult=0.0) for blob in range(3)}
            splices += change_params(tree, layer, changes)
    return prototxt.apply(tree, splices) if splices else tree
