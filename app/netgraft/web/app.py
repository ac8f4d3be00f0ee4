"""Puts the server together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio.to_thread
from fastapi import FastAPI

from netgraft import __version__, edit
from netgraft.web import openapi, pages, problems
from netgraft.web.compression import Compression
from netgraft.web.context import EXAMPLE
from netgraft.web.examples import example
from netgraft.web.graph import Ahead, Shown
from netgraft.web.lanes import Lanes
from netgraft.web.limits import BodyLimit, Gate
from netgraft.web.live import endpoint
from netgraft.web.live.hub import Hub
from netgraft.web.memory import tidy
from netgraft.web.observe import metrics
from netgraft.web.observe import routes as observing
from netgraft.web.observe.middleware import Observe
from netgraft.web.observe.stopping import Running, Stopping
from netgraft.web.routes import (
    catalogue,
    documents,
    edits,
    exports,
    forms,
    history,
    layouts,
    links,
    premises,
    stateless,
    uploads,
    weights,
)
from netgraft.web.security import Guard
from netgraft.web.settings import Settings
from netgraft.web.tus import Tus
from netgraft.workspace import AlreadyThere, Workspace

_FIRST_EXAMPLE = "question"

_DESCRIPTION = """
A net with its weights is a **document**. Everything that changes one is an **operation**: a small JSON
object, applied to the revision that you saw, undone by one call. Errors are problem documents (RFC 9457)
whose `errors` hold lines and columns. The examples below work as they are on the document `example`, with
which a new workspace opens.
"""


def create_app(settings: Settings, workspace: Workspace | None = None) -> FastAPI:
    """The server as an ASGI application; its workspace is open from its start to its stop.

    It takes over a `workspace` that is open already; by default it opens the one that the settings name.
    """

    stopping, running, ahead = Stopping(), Running(), Ahead()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        app.state.probes = anyio.CapacityLimiter(2)
        app.state.workspace = workspace or await anyio.to_thread.run_sync(open_workspace, settings)
        app.state.gauges = observing.gauges(running, app.state.workspace)
        app.state.live = live = Hub(app.state.workspace, settings)
        tidying = asyncio.create_task(tidy(lambda: running.requests == 0))
        goodbye = asyncio.create_task(live.stop_with(stopping))
        try:
            yield
        finally:
            stopping.begin()  # where no signal said so before
            tidying.cancel()
            await goodbye
            await live.close()
            ahead.close()
            app.state.workspace.close()

    app = openapi.Api(
        title="Netgraft",
        version=__version__,
        summary="Graft copies of a part of a Caffe net, decide what they share, know Caffe's verdict first.",
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.stopping = stopping
    app.state.running = running
    app.state.shown = Shown()
    app.state.ahead = ahead
    problems.install(app)
    for part in (
        documents,
        edits,
        weights,
        premises,
        exports,
        history,
        layouts,
        links,
        stateless,
        catalogue,
        forms,
        uploads,
    ):
        app.include_router(part.router)
    app.include_router(observing.router)
    app.include_router(endpoint.router)
    app.include_router(pages.router)
    pages.mount_static(app)
    # The last one added is the outermost.
    app.add_middleware(Tus)
    app.add_middleware(Compression)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(Lanes, settings=settings)
    app.add_middleware(Gate, settings=settings, stopping=stopping)
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Observe, running=running)
    return app


def open_workspace(settings: Settings) -> Workspace:
    """The workspace that the settings name; a new one holds an example to begin with.

    Raises DatabaseTrouble and StoreUnusable where what they name does not answer or cannot be used.
    """
    workspace = Workspace(
        settings.folder,
        settings.database_url or None,
        parsed=settings.cached_documents,
        weights_url=settings.weights_url,
        weights_cache=settings.weights_cache,
        upload_seconds=settings.upload_hours * 3600,
        connections=settings.threads + 2,
        heard=lambda trouble: metrics.database_errors.inc(),
    )
    if workspace.is_new:
        first = example(_FIRST_EXAMPLE)
        # Of servers that start at once on one database, one is the first.
        if first is not None:
            with suppress(AlreadyThere):
                workspace.create(first.name, edit.Document.read(first.text), id=EXAMPLE)
    return workspace
