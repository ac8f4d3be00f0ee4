"""The layered layout beside elkjs and Graphviz dot: how easy the pictures are to read, and the time it takes.

The same cards and edges go to each engine. Measured on the drawn lines: crossings, lines that run through a
card, total length, bends, width and height. Times are a net's layout alone, warm (dot's with the start of its
program). `ours` draws edges over more than eight ranks as stubs, as the editor does; `no stubs` draws them
whole, as the others do. The bar is on crossings: at most 1.3 times those of the better peer, or two more.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from common import ROOT, Comparison, Row
from netgraft import edit
from netgraft.caffe.layers import document_layers
from netgraft.web.answers import dump
from netgraft.web.graph import Asked, Look, build, states_of

MOST_FOR_PEERS = 1_500
MOST_STATES = 8
ALLOWED = 1.3
FEW = 2
COLUMNS = ("crossings", "through", "length", "bends", "width", "height")


def graph_of(name: str, text: str) -> dict[str, Any]:
    """The graph that the server would give for a net's first state."""
    document = edit.Document.read(text)
    state = states_of(document_layers(document.tree), MOST_STATES)[0]
    look = Look(
        id=name, revision=1, document=document, weights={}, asked=Asked(state=state), most_states=MOST_STATES
    )
    made: dict[str, Any] = json.loads(dump(build(look).whole()))
    return made


def compared(folder: Path) -> list[dict[str, Any]]:
    """A line for each net and engine."""
    command = ["node", str(ROOT / "benchmarks/layout/compare.mjs"), str(folder), str(MOST_FOR_PEERS)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"the comparison failed:\n{run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def told(net: str, lines: list[dict[str, Any]]) -> bool:
    """Prints a net's figures; whether ours crosses no more than the bar allows."""
    print(f"\n{net}: {lines[0]['cards']} cards, {lines[0]['edges']} edges, {lines[0]['stubs']} of them stubs")
    print(f"  {'':<16}{'ms':>9}" + "".join(f"{column:>11}" for column in COLUMNS))
    for line in lines:
        figures = "".join(f"{round(line[column]):>11,}" for column in COLUMNS)
        print(f"  {line['engine']:<16}{line['ms']:>9.1f}{figures}")
    whole = next(line for line in lines if line["engine"] == "ours, no stubs")
    peers = [line["crossings"] for line in lines if line["engine"] in ("elkjs", "dot")]
    fewest = min(peers, default=None)
    good = fewest is None or whole["crossings"] <= max(fewest * ALLOWED, fewest + FEW)
    print("  meets the bar" if good else "  MISSES THE BAR")
    return good


def main() -> None:
    if not shutil.which("dot"):
        print("Graphviz is not installed: without dot")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for example in sorted((ROOT / "examples").glob("*.prototxt")):
            (folder / f"{example.stem}.json").write_text(
                json.dumps(graph_of(example.stem, example.read_text()))
            )
        lines = compared(folder)
    nets = list(dict.fromkeys(line["net"] for line in lines))
    good = [told(net, [line for line in lines if line["net"] == net]) for net in nets]
    print()
    table = Comparison("layout", peer_name="elkjs", bar=1)
    for net in nets:
        of = {line["engine"]: line for line in lines if line["net"] == net}
        ours, peer = of["ours, no stubs"], of.get("elkjs")
        if peer:
            table.add(
                Row(
                    f"lay out {net}",
                    ours["ms"] / 1e3,
                    ours["low"] / 1e3,
                    ours["high"] / 1e3,
                    peer["ms"] / 1e3,
                    peer["ms"] / ours["ms"],
                    5,
                )
            )
    print(f"\ncrossings: {sum(good)} of {len(good)} nets meet the bar")
    if "--strict" in sys.argv and not all(good):
        sys.exit(1)
    table.finish()


if __name__ == "__main__":
    main()
