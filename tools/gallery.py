"""Draws static/examples/*.svg, the small pictures of the examples on the start page, from the real layout.

Each tells of which text it was made; a test says where that text is another by now.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from pictures import fit, settle, stage

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "static" / "examples"
WIDTH, HEIGHT, MARGIN = 56, 72, 3
CARDS = """() => {
  const canvas = document.querySelector('net-canvas.main');
  return document.querySelector('ng-app').session.graph.layers.map(({ key, family }) => {
    const { x, y, width, height } = canvas.clientRectOf(key);
    const style = getComputedStyle(document.documentElement);
    return [x, y, width, height, style.getPropertyValue(`--ng-family-${family}`).trim()];
  });
}"""


def drawn(cards: list[tuple[float, float, float, float, str]], digest: str) -> str:
    """Layers as blocks, the whole net squeezed into the picture."""
    left, top = min(card[0] for card in cards), min(card[1] for card in cards)
    wide, high = max(x + w for x, _, w, _, _ in cards) - left, max(y + h for _, y, _, h, _ in cards) - top
    across = min((WIDTH - 2 * MARGIN) / wide, 0.16)  # a chain stays a chain
    down = min((HEIGHT - 2 * MARGIN) / high, 0.4)
    shift, drop = (WIDTH - wide * across) / 2, (HEIGHT - high * down) / 2
    paths: dict[str, list[str]] = {}
    for x, y, w, h, colour in cards:
        at = f"M{(x - left) * across + shift:.1f} {(y - top) * down + drop:.1f}"
        size = f"h{w * across:.1f}v{max(h * down - 0.4, 0.6):.1f}h-{w * across:.1f}z"
        paths.setdefault(colour, []).append(at + size)
    blocks = "".join(f'<path fill="{colour}" d="{"".join(made)}"/>' for colour, made in sorted(paths.items()))
    box = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f"<svg {box}><desc>{digest}</desc>{blocks}</svg>\n"


def main() -> int:
    """Draws them all; returns the exit code."""
    OUT.mkdir(exist_ok=True)
    with stage() as seat:
        page = seat()
        for file in sorted((ROOT / "examples").glob("*.prototxt")):
            made = page.request.post("/api/documents", data={"example": file.stem}).json()
            page.goto(f"/d/{made['id']}")
            page.locator(".document-name").wait_for()
            settle(page)
            fit(page)
            digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
            picture = OUT / f"{file.stem}.svg"
            picture.write_text(drawn(page.evaluate(CARDS), digest), encoding="utf-8")
            print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
