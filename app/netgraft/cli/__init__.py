"""The command line: serve, check, duplicate, show."""

from netgraft.cli.commands import app, main

__all__ = ["app", "main"]
