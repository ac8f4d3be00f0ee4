"""A document as the REST interface describes it."""

from __future__ import annotations

from typing import Any

from netgraft import edit
from netgraft.caffe.layers import document_layers
from netgraft.web import graph
from netgraft.web.graph.beside import solver_info
from netgraft.web.graph.states import as_json
from netgraft.web.settings import Settings
from netgraft.web.sharing import Access
from netgraft.workspace import Entry, Snapshot, StoredWeights, Workspace

Json = dict[str, Any]


def weights_info(stored: StoredWeights) -> Json:
    """WeightsInfo."""
    return {"name": stored.name, "size": stored.size, "layers": stored.layers, "sha256": stored.sha256}


def sources(snapshot: Snapshot) -> list[Json]:
    """SourceInfo for each of a document's other caffemodels."""
    return [{"source": name, **weights_info(kept)} for name, kept in snapshot.sources.items() if name]


def entry(of: Entry) -> Json:
    """DocumentEntry."""
    return {
        "id": of.id,
        "name": of.name,
        "revision": of.revision,
        "version": of.version,
        "created": of.created,
        "changed": of.changed,
        "weights": weights_info(of.weights) if of.weights else None,
    }


def info(snapshot: Snapshot, settings: Settings, access: Access = "edit") -> Json:
    """DocumentInfo."""
    solver = snapshot.premises.solver
    told = graph.states_of(document_layers(snapshot.document.tree), settings.max_states)
    return entry(snapshot.entry) | {
        "access": access,
        "can_undo": snapshot.can_undo,
        "can_redo": snapshot.can_redo,
        "undo_title": snapshot.undo_title,
        "redo_title": snapshot.redo_title,
        "undo_author": snapshot.undo_author,
        "redo_author": snapshot.redo_author,
        "states": [as_json(state) for state in told],
        "weight_sources": sources(snapshot),
        "datum": dict(snapshot.premises.datum),
        "profile": snapshot.premises.profile,
        "solver": solver_info(solver, snapshot.document.tree) if solver else None,
    }


def graph_of(
    snapshot: Snapshot,
    workspace: Workspace,
    settings: Settings,
    asked: graph.Asked,
    *,
    document: edit.Document | None = None,
) -> graph.Graph:
    """The graph of a snapshot, or of another document that a preview made from it."""
    return graph.build(
        graph.Look(
            id=snapshot.id,
            revision=snapshot.revision,
            document=document or snapshot.document,
            weights=workspace.indexes(snapshot),
            asked=asked,
            most_states=settings.max_states,
            premises=snapshot.premises,
            name=snapshot.entry.name,
        )
    )
