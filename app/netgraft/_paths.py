"""Where Netgraft's own files stand, in a wheel and in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def static_dir() -> Path:
    """The folder of the browser's files: netgraft/static in a wheel, static/ of the checkout otherwise.

    Raises RuntimeError if neither is there (a broken installation).
    """
    for folder in (_PACKAGE / "static", _PACKAGE.parent.parent / "static"):
        if (folder / "vendor").is_dir():
            return folder
    raise RuntimeError("Netgraft's browser files are missing: install it anew with `pip install .`")
