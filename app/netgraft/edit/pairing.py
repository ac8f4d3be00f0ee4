"""The other half of the pair: the caffemodel that goes with an edited document."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from netgraft import weights
from netgraft.caffe.model import Net
from netgraft.caffe.net import check, suggested_profile
from netgraft.edit.document import Document
from netgraft.edit.meaning import states
from netgraft.edit.shapes import Datum
from netgraft.edit.view import view
from netgraft.weights import Index, Plan, Proof


def plan_weights(
    document: Document,
    sources: Index | Mapping[str, Index],
    *,
    skip_sharers: bool = False,
    strip_diff: bool = True,
    keep_unused: bool = False,
    refuse_clashes: bool = True,
    datum: Datum = MappingProxyType({}),
) -> Plan:
    """The plan of a document's caffemodel: the layers of its nets in all the states that it tells apart,
    each with the stored blobs of its origin.

    `sources` are the document's caffemodels by name, "" the main one; one alone is the main one. `datum` says
    what data sources hold. The options are those of `weights.plan`: `skip_sharers` leaves out layers that
    only share, `strip_diff` the gradients, `keep_unused` keeps stored layers that the net lacks.
    Raises WeightsError as `weights.plan` does.
    """
    nets = _nets(document, datum)
    return weights.plan(
        weights.targets(*nets),
        sources,
        document.origins,
        name=nets[0].name,
        skip_sharers=skip_sharers,
        strip_diff=strip_diff,
        keep_unused=keep_unused,
        refuse_clashes=refuse_clashes,
    )


def prove_weights(
    document: Document,
    written: Index,
    sources: Index | Mapping[str, Index],
    *,
    datum: Datum = MappingProxyType({}),
) -> Proof:
    """Whether a written file holds, blob by blob, what the document's origins name. See `weights.verify`."""
    return weights.verify(written, weights.targets(*_nets(document, datum)), sources, document.origins)


def _nets(document: Document, datum: Datum) -> list[Net]:
    """The document's nets in all the states that it tells apart."""
    tree = document.tree
    profile = suggested_profile(tree)
    return [check(tree, state, datum=datum, profile=profile).net for state in states(view(tree))]
