"""The other half of the pair: the caffemodel that goes with an edited document."""

from __future__ import annotations

from netgraft import weights
from netgraft.caffe.net import check, suggested_profile
from netgraft.edit.document import Document
from netgraft.edit.meaning import states
from netgraft.edit.view import view
from netgraft.weights import Index, Plan


def plan_weights(
    document: Document,
    index: Index,
    *,
    skip_sharers: bool = False,
    refuse_clashes: bool = True,
) -> Plan:
    """The plan of a document's caffemodel: the layers of its nets in all the states that it tells apart,
    each with the stored blobs of its origin.

    `skip_sharers` leaves out layers that only share. Raises WeightsError as `weights.plan` does.
    """
    tree = document.tree
    profile = suggested_profile(tree)
    nets = [check(tree, state, profile=profile).net for state in states(view(tree))]
    return weights.plan(
        weights.targets(*nets),
        index,
        document.origins,
        name=nets[0].name,
        skip_sharers=skip_sharers,
        refuse_clashes=refuse_clashes,
    )
