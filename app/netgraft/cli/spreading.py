"""An option that takes several values, as shells' globs give them: `--against a.prototxt a.caffemodel`."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand


class Spread(TyperCommand):
    """A command whose `--against` takes all that follows up to the next option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Repeats the option before each of its values, which is how the parser knows it."""
        spread: list[str] = []
        taking = False
        for word in args:
            if word == "--against":
                taking = True
            elif word.startswith("-") and word != "-":
                taking = False
                spread.append(word)
            else:
                spread += ["--against", word] if taking else [word]
        if args and args[-1] == "--against":
            spread.append("--against")  # the parser says what is missing
        return super().parse_args(ctx, spread)
