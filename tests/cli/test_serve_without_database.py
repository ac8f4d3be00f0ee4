"""A server that finds no database ends with one line that says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://postgres:secret@127.0.0.1:9/none", "The database cannot be reached: "),
        ("mysql://root:secret@localhost/x", "Netgraft works with SQLite and PostgreSQL, not with 'mysql'."),
    ],
)
def test_a_server_without_its_database_ends_with_one_line(tmp_path: Path, url: str, told: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "netgraft", "serve", "--port", "0", "--data", str(tmp_path)],
        env=os.environ | {"NETGRAFT_DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"netgraft serve: error: {told}")
    assert ended.stderr.count("\n") == 1
    assert "secret" not in ended.stderr
