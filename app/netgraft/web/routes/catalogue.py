"""What there is to know without a document: layer types and examples."""

from __future__ import annotations

from fastapi import APIRouter, Response

from netgraft.caffe.catalogue.registry import Arity, LayerType, all_types
from netgraft.proto import caffe_pb2
from netgraft.web.answers import answer
from netgraft.web.examples import examples
from netgraft.web.models import Catalogue, Examples

router = APIRouter(prefix="/api", tags=["catalogue"])


@router.get("/catalogue", response_model=Catalogue, summary="List the layer types")
def catalogue() -> Response:
    """Every layer type that Netgraft knows, with its family, parameter blobs and a line of documentation."""
    return answer({"types": [_entry(each) for each in all_types()]})


@router.get("/examples", response_model=Examples, summary="List the example nets")
def listing() -> Response:
    """The nets that come with Netgraft; open one by its name."""
    return answer(
        {
            "examples": [
                {"name": e.name, "title": e.title, "description": e.description, "layers": e.layers}
                for e in examples()
            ]
        }
    )


def _entry(kind: LayerType) -> dict[str, object]:
    return {
        "name": kind.name,
        "family": kind.family,
        "doc": kind.doc,
        "profile": kind.profile,
        "param_field": kind.param_field,
        "blobs": list(kind.roles(caffe_pb2.LayerParameter(type=kind.name))),
        "loss": kind.loss,
        "in_place": kind.in_place,
        "bottoms": _range(kind.bottoms),
        "tops": _range(kind.tops),
        "equal_counts": kind.equal,
    }


def _range(arity: Arity) -> dict[str, int | None]:
    if arity.exact is not None:
        return {"least": arity.exact, "most": arity.exact}
    return {"least": arity.least or 0, "most": arity.most}
