"""The server's settings: one table of names, defaults and meanings.

Each is set by an environment variable, NETGRAFT_ and its name in capitals, or by an option of
`netgraft serve` where there is one. docs/settings.md says them again; a test compares the two.
A plain dataclass, so that the command line can list the settings without loading the server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import platformdirs

PREFIX = "NETGRAFT_"

MIB = 1024 * 1024

_SWITCH = {
    "on": True,
    "true": True,
    "yes": True,
    "1": True,
    "off": False,
    "false": False,
    "no": False,
    "0": False,
}


class SettingsError(ValueError):
    """A setting has a value that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one server runs."""

    host: str = field(
        default="127.0.0.1", metadata={"doc": "Address to listen on. Any but a loopback one needs a token."}
    )
    port: int = field(default=8100, metadata={"doc": "Port to listen on; 0 takes a free one."})
    data: Path | None = field(
        default=None,
        metadata={"doc": "Folder of the database and the weights (default: the user's data folder)."},
    )
    database_url: str = field(
        default="", metadata={"doc": "SQLAlchemy URL of the database (default: SQLite in the data folder)."}
    )
    token: str = field(
        default="", metadata={"doc": "Token that every request must carry. Empty: none is asked for."}
    )
    allowed_hosts: str = field(
        default="", metadata={"doc": "Further names, by commas, under which the server may be addressed."}
    )
    max_text: int = field(default=16 * MIB, metadata={"doc": "Most bytes of one prototxt."})
    max_layers: int = field(default=20_000, metadata={"doc": "Most layers of one net."})
    max_nesting: int = field(default=100, metadata={"doc": "Deepest nesting of messages in one prototxt."})
    max_upload: int = field(default=16 * 1024 * MIB, metadata={"doc": "Most bytes of one weights file."})
    upload_hours: int = field(
        default=24, metadata={"doc": "How long an upload may rest, cut off or unused, in hours."}
    )
    weights_url: str = field(
        default="",
        metadata={"doc": "Store of the weights, `s3://BUCKET/FOLDER` (default: the data folder)."},
    )
    weights_cache: int = field(
        default=64 * 1024 * MIB,
        metadata={"doc": "Most bytes of such a store's weights that are kept in the data folder, too."},
    )
    max_copies: int = field(default=64, metadata={"doc": "Most copies that one duplicate may make."})
    max_states: int = field(
        default=12, metadata={"doc": "Most net states (phase and stages) that one graph is checked in."}
    )
    max_live: int = field(default=1000, metadata={"doc": "Most live connections in all."})
    max_live_document: int = field(default=200, metadata={"doc": "Most live connections to one document."})
    cached_documents: int = field(
        default=200, metadata={"doc": "How many revisions of documents are kept parsed in memory."}
    )
    threads: int = field(default=8, metadata={"doc": "How many requests are worked on at once; others wait."})
    waiting: int = field(
        default=100, metadata={"doc": "How many requests may wait for a worker; more are refused as `busy`."}
    )
    heavy: int = field(
        default=2, metadata={"doc": "How many requests about large nets are worked on at once; others wait."}
    )
    heavy_layers: int = field(default=1000, metadata={"doc": "How many layers make a net a large one."})
    idle_seconds: int = field(
        default=60,
        metadata={
            "doc": "How long a client may send or take nothing in the middle of a request, in seconds."
        },
    )
    stop_seconds: int = field(
        default=20, metadata={"doc": "How long requests that run may go on once the server is told to stop."}
    )
    log: str = field(
        default="text", metadata={"doc": "Form of the log: `text` or `json`.", "of": ("text", "json")}
    )
    log_level: str = field(
        default="",
        metadata={
            "doc": "`debug`, `info` (each request), `warning` or `error`; by default what fits the form.",
            "of": ("", "debug", "info", "warning", "error"),
        },
    )
    metrics: bool = field(default=True, metadata={"doc": "Whether `/metrics` answers: `on` or `off`."})

    @property
    def folder(self) -> Path:
        """The data folder in use."""
        return self.data or Path(platformdirs.user_data_path("netgraft"))

    @property
    def level(self) -> str:
        """The level of the log in use."""
        return self.log_level or ("info" if self.log == "json" else "warning")

    @property
    def hosts(self) -> frozenset[str]:
        """The names, without a port, that a request's Host header may hold."""
        named = {name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip()}
        own = f"[{self.host}]" if ":" in self.host else self.host.lower()
        return frozenset({"127.0.0.1", "localhost", "[::1]", own} | named)


def read(environment: Mapping[str, str], **given: Any) -> Settings:
    """Settings from what was given (None counts as not given), then the environment, then the defaults.

    Raises SettingsError for a value that is not of the setting's kind.
    """
    values: dict[str, Any] = {}
    for each in fields(Settings):
        raw = given.get(each.name)
        if raw is None:
            raw = environment.get(variable(each.name))
        if raw is not None:
            values[each.name] = _convert(each.name, each.default, raw, each.metadata.get("of", ()))
    return Settings(**values)


def variable(name: str) -> str:
    """The environment variable that sets a setting."""
    return PREFIX + name.upper()


def described() -> list[tuple[str, str, str]]:
    """Every setting: its environment variable, its default as text, what it means."""
    return [(variable(each.name), _text(each.default), each.metadata["doc"]) for each in fields(Settings)]


def _text(default: Any) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return "" if default is None else str(default)


def _convert(name: str, default: Any, raw: Any, of: Sequence[str]) -> Any:
    if name == "data":
        return Path(raw)
    if isinstance(default, bool):
        if str(raw).lower() not in _SWITCH:
            raise SettingsError(f"{variable(name)} must be on or off, not {raw!r}.")
        return _SWITCH[str(raw).lower()]
    if isinstance(default, int):
        try:
            number = int(raw)
        except ValueError:
            raise SettingsError(f"{variable(name)} must be a whole number, not {raw!r}.") from None
        if number < 0:
            raise SettingsError(f"{variable(name)} must not be negative.")
        return number
    if of and raw not in of:
        raise SettingsError(f"{variable(name)} must be {', '.join(filter(None, of))}, not {raw!r}.")
    return str(raw)
