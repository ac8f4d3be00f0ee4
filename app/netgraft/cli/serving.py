"""`netgraft serve`."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import sys
import webbrowser
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from netgraft import prototxt
from netgraft.caffe.solver import is_solver
from netgraft.cli.terminal import BAD_INPUT, OK, REFUSED, fail, finding, say
from netgraft.web.app import create_app, open_workspace
from netgraft.web.grafting import fits
from netgraft.web.memory import settle
from netgraft.web.names import stem
from netgraft.web.observe import logs
from netgraft.web.problems import ProblemError
from netgraft.web.reading import read_net, read_solver_text
from netgraft.web.security import is_loopback
from netgraft.web.server import Server, leave
from netgraft.web.settings import Settings, SettingsError, read
from netgraft.weights import WeightsError
from netgraft.workspace import SolverFile, Workspace, WorkspaceError


def run(
    files: Sequence[Path],
    *,
    host: str | None,
    port: int | None,
    data: Path | None,
    browse: bool,
    no_token: bool,
) -> int:
    """Serves until it is stopped; returns the exit code."""
    try:
        settings = read(os.environ, host=host, port=port, data=data)
    except SettingsError as error:
        fail("netgraft serve", str(error))
    if not is_loopback(settings.host) and not settings.token and not no_token:
        settings = replace(settings, token=secrets.token_urlsafe(24))
    if not is_loopback(settings.host) and not settings.token:
        message = "No token is asked for: whoever reaches this address may change and delete every document."
        finding(settings.host, None, None, "warning", message, out=sys.stderr)
    try:
        workspace = open_workspace(settings)
    except WorkspaceError as error:
        fail("netgraft serve", str(error), code=REFUSED)
    with closing(workspace):
        document = open_files(files, settings, workspace) if files else ""
        try:
            listening = listen(settings)
        except OSError as error:
            fail(f"{settings.host}:{settings.port}", _why_not(error))
        logs.configure(settings.log, settings.level)
        settle()
        with listening:
            address = _address(settings, listening.getsockname()[1], document)
            app = create_app(settings, workspace)
            server = Server(app, settings, started=partial(_announce, address, browse))
            server.run([listening])
    return leave(OK if server.started else BAD_INPUT)


def _announce(address: str, browse: bool) -> None:
    """Says the address once requests are answered."""
    say(f"Netgraft is at {address}")
    sys.stdout.flush()
    if browse:
        webbrowser.open(address)


def open_files(files: Sequence[Path], settings: Settings, workspace: Workspace) -> str:
    """Makes a document of each net, with the caffemodel and the solver that follow it; returns the first
    one's id."""
    made: list[str] = []
    for file in files:
        try:
            if file.name.lower().endswith((".caffemodel", ".h5")):
                if not made:
                    fail(str(file), "A caffemodel goes to the net before it; name the prototxt first.")
                with file.open("rb") as source, workspace.receive(settings.max_upload) as incoming:
                    while chunk := source.read(1 << 20):
                        incoming.write(chunk)
                    document = workspace.snapshot(made[-1]).document
                    workspace.set_weights(made[-1], incoming, file.name, fits(document))
            elif is_solver(prototxt.parse(data := file.read_bytes())):
                if not made:
                    fail(str(file), "A solver goes to the net before it; name its net first.")
                beside = SolverFile(file.name, read_solver_text(data, settings))
                workspace.set_premises(made[-1], partial(replace, solver=beside))
            else:
                net = read_net(data, settings)
                made.append(workspace.create(stem(file.name), net).id)
        except OSError as error:
            fail(str(file), error.strerror or str(error))
        except (ProblemError, WeightsError, WorkspaceError) as error:
            fail(str(file), error.detail if isinstance(error, ProblemError) else str(error))
    return made[0]


def listen(settings: Settings) -> socket.socket:
    """A socket bound to the address that the settings name. Raises OSError where that cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio lets what is written go at once (TCP_NODELAY) only where the protocol is said: an answer's body
    # would else wait 40 ms for the client to acknowledge its head.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host.strip("[]"), settings.port))
    except BaseException:
        listening.close()
        raise
    return listening


def _why_not(error: OSError) -> str:
    said = error.strerror or str(error)
    return f"{said}; --port takes another one, 0 any free one" if error.errno == errno.EADDRINUSE else said


def _address(settings: Settings, port: int, document: str) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    query = [f"document={document}"] if document else []
    query += [f"token={settings.token}"] if settings.token else []
    return f"http://{host}:{port}/" + ("?" + "&".join(query) if query else "")
