"""Whether the server lives, whether it is ready, and what it counts. None of these waits behind work."""

from __future__ import annotations

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request, Response

from netgraft import __version__
from netgraft.web.answers import answer
from netgraft.web.models import Health
from netgraft.web.observe import metrics
from netgraft.web.observe.stopping import Running, Stopping
from netgraft.web.openapi import refusals, text
from netgraft.web.problems import ProblemError
from netgraft.web.settings import Settings
from netgraft.workspace import Workspace

router = APIRouter(tags=["server"])

PROBES = ("/api/health", "/api/ready")
"""What a load balancer asks, which has no token; they tell nothing of what the server holds."""

_PATIENCE = 3  # seconds that a database may take to say a word


@router.get("/api/health", response_model=Health, summary="Is the server alive?")
async def health() -> Response:
    """Answers where the server runs, whatever it is busy with."""
    return answer({"status": "ok", "version": __version__})


@router.get("/api/ready", response_model=Health, responses=refusals(503), summary="Is the server ready?")
async def ready(request: Request) -> Response:
    """Whether requests should be sent here: the database answers, and the server is not about to stop."""
    stopping: Stopping = request.app.state.stopping
    if stopping.begun:
        raise ProblemError(503, "stopping", "The server is about to stop.")
    workspace: Workspace = request.app.state.workspace
    try:
        with anyio.fail_after(_PATIENCE):
            # Threads of their own, which no work can take; a database that hangs keeps them until it answers.
            await anyio.to_thread.run_sync(
                workspace.ping, limiter=request.app.state.probes, abandon_on_cancel=True
            )
    except Exception as error:
        if isinstance(error, TimeoutError):  # others are counted where they come up
            metrics.database_errors.inc()
        detail = "The database does not answer."
        raise ProblemError(503, "database-unavailable", detail) from error
    return answer({"status": "ok", "version": __version__})


@router.get(
    "/metrics",
    responses=text("Every metric with its help.") | refusals(404),
    summary="Read the server's metrics",
)
async def read_metrics(request: Request) -> Response:
    """For Prometheus, in its text format, or as OpenMetrics where that is accepted."""
    settings: Settings = request.app.state.settings
    if not settings.metrics:
        raise ProblemError(404, "metrics-off", "NETGRAFT_METRICS is off.")
    body, media_type = metrics.exposition(request.headers.get("accept", ""), request.app.state.gauges)
    return Response(body, headers={"Content-Type": media_type})


def gauges(running: Running, workspace: Workspace) -> list[metrics.Gauge]:
    """What an app tells of the present moment."""
    waiting = anyio.to_thread.current_default_thread_limiter()
    return [
        metrics.Gauge(
            "netgraft_requests_in_work",
            "Requests that are being answered, downloads to their last byte.",
            lambda: running.requests,
        ),
        metrics.Gauge(
            "netgraft_requests_waiting",
            "Pieces of work that wait for a worker thread.",
            lambda: waiting.statistics().tasks_waiting,
        ),
        metrics.Gauge("netgraft_live_sockets", "Live sockets that are open.", lambda: running.sockets),
        metrics.Gauge(
            "netgraft_documents_parsed",
            "Documents that are kept parsed in memory.",
            lambda: workspace.parsed,
        ),
    ]
