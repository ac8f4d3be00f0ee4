"""Settings: read from the environment, documented one by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netgraft.web.settings import Settings, SettingsError, described, read


def test_every_setting_is_in_the_documentation_with_its_default(repo: Path) -> None:
    text = (repo / "docs" / "settings.md").read_text()
    rows = dict(re.findall(r"^\| `(NETGRAFT_\w+)` \| (.*?) \|", text, re.MULTILINE))
    assert list(rows) == [name for name, _, _ in described()]
    for name, default, meaning in described():
        assert rows[name].strip("`") == default, name
        assert meaning in text, name


def test_what_is_given_goes_before_the_environment_and_that_before_the_default() -> None:
    environment = {"NETGRAFT_PORT": "9000", "NETGRAFT_DATA": "/data", "NETGRAFT_TOKEN": "t", "PORT": "1"}
    settings = read(environment, port=9001, host=None)
    assert (settings.port, settings.data, settings.token) == (9001, Path("/data"), "t")
    assert (settings.host, settings.max_copies) == ("127.0.0.1", Settings().max_copies)


@pytest.mark.parametrize("value", ["many", "", "-1", "1.5"])
def test_a_number_that_is_none_is_refused_by_name(value: str) -> None:
    with pytest.raises(SettingsError, match="NETGRAFT_MAX_LAYERS"):
        read({"NETGRAFT_MAX_LAYERS": value})


def test_the_data_folder_is_the_users_own_by_default() -> None:
    assert Settings().folder.name == "netgraft"
    assert Settings(data=Path("here")).folder == Path("here")
