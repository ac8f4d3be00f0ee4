"""Whether weights fit a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from netgraft import edit
from netgraft.caffe.layers import document_layers
from netgraft.edit.pairing import plan_weights
from netgraft.edit.shapes import Datum
from netgraft.web.problems import Place, ProblemError
from netgraft.weights import Index

_TOLD_CLASHES = 50


def fits(
    document: edit.Document,
    datum: Datum = MappingProxyType({}),
    others: Mapping[str, Index] = MappingProxyType({}),
) -> Callable[[Index], None]:
    """Refuses main weights that Caffe would die of, or that hold nothing for any layer of the document.

    `datum` says what data sources hold; `others` are the document's other caffemodels."""

    def check(index: Index) -> None:
        plan = plan_weights(document, {**others, "": index}, refuse_clashes=False, datum=datum)
        clashes = [layer for layer in plan.layers if layer.action == "clash"]
        if clashes:
            lines = {layer.name: layer for layer in reversed(document_layers(document.tree))}
            places: list[Place] = []
            for clash in clashes[:_TOLD_CLASHES]:
                layer = lines[clash.target.name]
                line, column = document.tree.position(layer.chunk, layer.field.start)
                message = clash.message.strip()
                places.append({"line": line, "column": column, "message": message, "code": "weights-clash"})
            more = f" (and {len(clashes) - 1} more layers)" if len(clashes) > 1 else ""
            detail = f"The weights do not fit the net: {places[0]['message']}{more}"
            raise ProblemError(422, "weights-clash", detail, places)
        if not any(layer.action in ("copied", "shared") for layer in plan.layers):
            stored = ", ".join(dict.fromkeys(layer.name for layer in index.layers if layer.blobs)) or "none"
            detail = (
                f"No layer of the net bears the name of a stored layer with weights. Stored: {stored[:300]}."
            )
            raise ProblemError(422, "weights-fit-nothing", detail)

    return check
