"""Each code of the list: a net that earns it, at the right place, and a net that does not (cases/*.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from netgraft import edit, prototxt
from netgraft.caffe import checks
from netgraft.caffe.diagnostics import CODES, Diagnostic
from netgraft.caffe.model import Profile, Verdict
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState, Phase

DATA = (
    'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 dim: 6 dim: 6 } } }\n'
)


@dataclass(frozen=True)
class Case:
    """What cases/text.toml says of its keys."""

    bad: str
    good: str
    at: str
    words: str
    layer: str | None = None
    phase: Phase = "TRAIN"
    profile: Profile = "bvlc"


def _cases() -> dict[str, Case]:
    files = sorted((Path(__file__).parent / "cases").glob("*.toml"))
    tables = [tomllib.loads(file.read_text("utf-8").replace("DATA\n", DATA)) for file in files]
    return {code: Case(**said) for table in tables for code, said in table.items()}


CASES = _cases()


def verdict_on(text: str, case: Case) -> tuple[prototxt.Document, Verdict]:
    document = prototxt.parse(text)
    return document, check(document, NetState(case.phase), profile=case.profile)


def found(verdict: Verdict, code: str) -> list[Diagnostic]:
    return [diagnostic for diagnostic in verdict.diagnostics if diagnostic.code == code]


def test_every_code_has_a_case() -> None:
    assert checks.__all__  # importing the package is what registers them
    assert set(CASES) == {code for code in CODES if not code.startswith("solver-")}


@pytest.mark.parametrize("code", CASES)
def test_the_bad_net_earns_the_code_at_the_right_place(code: str) -> None:
    case = CASES[code]
    document, verdict = verdict_on(case.bad, case)
    diagnostics = found(verdict, code)
    assert diagnostics, [diagnostic.code for diagnostic in verdict.diagnostics]
    first = diagnostics[0]
    assert first.severity == CODES[code].severity
    assert first.layer == case.layer
    assert first.place is not None
    assert document.chunks[first.place.chunk].text[first.place.start : first.place.end].startswith(case.at)
    assert case.words in (first.caffe_message or first.message)
    assert verdict.ok == (first.severity != "error")
    if first.severity == "error":
        assert verdict.first_error == first


@pytest.mark.parametrize("code", CASES)
def test_the_good_net_does_not_earn_it_and_is_accepted(code: str) -> None:
    case = CASES[code]
    _, verdict = verdict_on(case.good, case)
    assert verdict.ok, verdict.first_error
    assert not found(verdict, code)


@pytest.mark.parametrize("code", CASES)
def test_every_fix_mends_what_it_is_offered_for(code: str) -> None:
    """Fixes are data here; the room above applies them."""
    case = CASES[code]
    document, verdict = verdict_on(case.bad, case)
    before = found(verdict, code)
    for fix in (fix for diagnostic in before for fix in diagnostic.fixes):
        edited = edit.Document(document, {})
        for operation in fix.operations:
            edited = edit.apply(edited, operation).document
        after = check(edited.tree, NetState(case.phase), profile=case.profile)
        assert len(found(after, code)) < len(before), fix.title
        assert after.ok


def test_every_code_has_a_section_in_the_docs(repo: Path) -> None:
    text = (repo / "docs" / "checks.md").read_text("utf-8")
    sections = {
        line.removeprefix("### ").strip("` ") for line in text.splitlines() if line.startswith("### ")
    }
    assert sections == set(CODES)


def test_a_byte_order_mark_is_named_as_what_it_is() -> None:
    first = check(prototxt.parse("\ufeff" + DATA)).first_error
    assert first is not None
    assert "byte order mark" in first.message
    assert first.caffe_message == "1:1: Interpreting non ascii codepoint 239."


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("unknown-bottom", "Read 'data'"),
        ("unknown-layer-type", "Make it ReLU"),
        ("single-use-share-name", "Share 'shared_l'"),
    ],
)
def test_a_slip_of_the_pen_is_mended_by_what_was_meant(code: str, title: str) -> None:
    case = CASES[code]
    first = found(verdict_on(case.bad, case)[1], code)[0]
    assert first.fixes[0].title == title
