"""The commands and their options. What a command does is imported when it runs: each starts quickly."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from netgraft import __version__
from netgraft.cli.spreading import Spread
from netgraft.cli.terminal import INTERNAL

app = typer.Typer(
    name="netgraft",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Graft copies of a part of a Caffe net, decide what they share, know Caffe's verdict first.",
)


Phase = Literal["TRAIN", "TEST"]
PhaseOption = Annotated[Phase | None, typer.Option(help="The phase; both where it is not given.")]
LevelOption = Annotated[int, typer.Option(help="The level of the net's state.")]
StageOption = Annotated[list[str] | None, typer.Option(help="A stage of the net's state; may be repeated.")]
DatumOption = Annotated[
    list[str] | None,
    typer.Option(metavar="SOURCE=CxHxW", help="What a data layer's source holds; may be repeated."),
]
SolverOption = Annotated[
    str | None,
    typer.Option(metavar="SOLVER.prototxt", help="The solver that trains the net: rates, states, misfits."),
]
WeightsOption = Annotated[Path | None, typer.Option(help="The caffemodel that goes with the net.")]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"netgraft {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Without a command: help."""


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILES...", help="Prototxt files.")],
    phase: PhaseOption = None,
    level: LevelOption = 0,
    stage: StageOption = None,
    datum: DatumOption = None,
    weights: WeightsOption = None,
    solver: SolverOption = None,
    profile: Annotated[Literal["bvlc", "fork"], typer.Option(help="BVLC Caffe 1.0, or any fork.")] = "bvlc",
    format: Annotated[
        Literal["text", "jsonl"], typer.Option(help="For people, or one JSON object a run.")
    ] = "text",
) -> None:
    """Says whether Caffe would build these nets, and everything else that is to be said about them.

    Exit code 0: Caffe would. 1: it would refuse one. 2: a file cannot be read.
    """
    from netgraft.cli.checking import Asked, run

    phases = [phase] if phase else list(get_args(Phase))
    asked = Asked(phases, level, stage or [], datum or [], weights, profile, solver, every=phase is None)
    raise typer.Exit(run(files, asked, jsonl=format == "jsonl"))


@app.command()
def duplicate(
    net: Annotated[str, typer.Argument(metavar="NET.prototxt", help="The net.")],
    layers: Annotated[
        str, typer.Option(metavar="FROM..TO|NAME,NAME|GLOB", help="The layers to be copied, in file order.")
    ],
    weights: WeightsOption = None,
    copies: Annotated[
        int | None, typer.Option(min=2, help="How many there are in the end, the original included.")
    ] = None,
    suffix: Annotated[
        list[str] | None, typer.Option(help="Put after every name; one a copy, in order (_a, _b, ...).")
    ] = None,
    keep_first: Annotated[bool, typer.Option("--keep-first", help="The first copy keeps its names.")] = False,
    share: Annotated[
        str,
        typer.Option(metavar="none|all|LAYERS", help="Whose parameters the copies have in common."),
    ] = "none",
    lr_mult: Annotated[list[float] | None, typer.Option(help="Sets lr_mult; one a copy, in order.")] = None,
    scale_lr: Annotated[
        list[float] | None,
        typer.Option(help="Multiplies lr_mult, weight to bias kept; one a copy, in order."),
    ] = None,
    freeze: Annotated[
        list[int] | None, typer.Option(metavar="N", help="This copy, counted from 1, does not learn.")
    ] = None,
    shared_lr: Annotated[
        str | None,
        typer.Option(
            metavar="keep|X",
            help="For what is shared, in place of the copies' rates: as it is, or lr_mult X.",
        ),
    ] = None,
    inputs: Annotated[
        Literal["same", "separate", "slice"],
        typer.Option(
            help="The copies read the same blobs from outside, inputs of their own, or slices of one."
        ),
    ] = "same",
    join: Annotated[
        Literal["none", "concat", "eltwise", "contrastive"],
        typer.Option(help="How the copies' outputs become one."),
    ] = "none",
    label: Annotated[
        str | None,
        typer.Option(
            metavar="BLOB", help="For --join contrastive: the blob that says which pairs are alike."
        ),
    ] = None,
    datum: DatumOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="OUT", help="Writes OUT.prototxt and OUT.caffemodel (NET_grafted)."
        ),
    ] = None,
    hdf5: Annotated[
        bool, typer.Option("--hdf5", help="Writes OUT.caffemodel.h5 instead: owners only, of any size.")
    ] = False,
    skip_sharers: Annotated[
        bool, typer.Option("--skip-sharers", help="Leaves layers that only share out of the caffemodel.")
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Writes nothing where Caffe would refuse the result (exit code 1)."),
    ] = False,
) -> None:
    """Grafts copies of some layers into a net, and writes the new prototxt and its caffemodel.

    Exit code 0: done. 1: Caffe would refuse the copies, nothing is written. 2: it cannot be done.
    """
    from netgraft.cli.duplicating import Asked, run

    asked = Asked(
        layers=layers,
        copies=copies,
        suffixes=suffix or [],
        keep_first=keep_first,
        share=share,
        lr_mults=lr_mult or [],
        scales=scale_lr or [],
        freeze=freeze or [],
        shared_lr=shared_lr,
        inputs=inputs,
        join=join,
        label=label,
        datum=datum or [],
        hdf5=hdf5,
        skip_sharers=skip_sharers,
        strict=strict,
    )
    raise typer.Exit(run(net, weights, asked, out))


@app.command(cls=Spread)
def verify(
    files: Annotated[
        list[str],
        typer.Argument(metavar="PAIR...", help="Prototxts, each with its weights after it or beside it."),
    ],
    against: Annotated[
        list[str],
        typer.Option(
            metavar="ORIGINAL...", help="The pairs that they were made from; all up to the next option."
        ),
    ],
    datum: DatumOption = None,
    opencv: Annotated[
        bool,
        typer.Option(
            "--opencv/--no-opencv", help="Run the nets, too, and compare what comes out of each branch."
        ),
    ] = True,
) -> None:
    """Proves a written pair: each copied blob equals its source, and each branch answers as the original.

    Exit code 0: all is as it should be. 1: something is not. 2: a file cannot be read.
    """
    from netgraft.cli.verifying import run

    raise typer.Exit(run(files, against, datum or [], opencv=opencv))


@app.command()
def show(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A net, a solver that names one, or a weights file."),
    ],
    phase: Annotated[
        Phase | None, typer.Option(help="The phase of a net (TRAIN, or as the solver trains it).")
    ] = None,
    level: LevelOption = 0,
    stage: StageOption = None,
    datum: DatumOption = None,
    solver: SolverOption = None,
    cost: Annotated[
        bool, typer.Option("--cost", help="What each layer costs, in place of its wiring and rates.")
    ] = False,
    format: Annotated[Literal["text", "json"], typer.Option(help="For people, or JSON.")] = "text",
) -> None:
    """Shows a net's layers, shapes, parameters and share groups, or a weights file's layers and blobs."""
    from netgraft.caffe.state import NetState
    from netgraft.cli.showing import Asked, run

    state = None
    if phase or level or stage:
        state = NetState(phase or "TRAIN", level, frozenset(stage or ()))
    asked = Asked(state, datum or [], solver, cost, format == "json")
    raise typer.Exit(run(file, asked))


@app.command(epilog="Settings by environment variables: see docs/settings.md, or netgraft serve --settings.")
def serve(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILES]...", help="Nets to open; a caffemodel or a solver goes to the net before it."
        ),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1).")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on (8100); 0 takes a free one.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of documents and weights.")] = None,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = False,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Ask for no token on an address that others can reach.")
    ] = False,
    settings: Annotated[bool, typer.Option("--settings", help="List all settings and stop.")] = False,
) -> None:
    """Serves the editor on this machine and prints its address."""
    if settings:
        from netgraft.web.settings import described

        for name, default, meaning in described():
            typer.echo(f"{name}={default}\n    {meaning}")
        raise typer.Exit
    from netgraft.cli.serving import run

    raise typer.Exit(
        run(files or [], host=host, port=port, data=data, browse=open_browser, no_token=no_token)
    )


def main() -> None:
    """The command `netgraft`."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks must not end a command half way.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except Exception:
        traceback.print_exc()
        # Not 1, which says that Caffe would refuse a net.
        sys.exit(INTERNAL)
