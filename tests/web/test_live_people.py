"""Who is on a document, as several processes tell it; what clients may say. No sockets here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netgraft.web.live import messages
from netgraft.web.live.budget import Budget
from netgraft.web.live.messages import Me, NotUnderstood, read_me
from netgraft.web.live.people import FORGOTTEN_AFTER, LONGEST, People, Person
from netgraft.web.sharing import Access


def person(
    client: str, name: str = "", joined: int = 0, access: Access = "edit", selection: tuple[str, ...] = ()
) -> Person:
    return Person(client, name, selection, 0, access, joined)


def exchange(*nodes: People, now: float = 0) -> None:
    """Carries all signals of all nodes to all."""
    for node in nodes:
        for signal in list(node.signals()):
            for other in nodes:
                other.hear(signal, now)


def clients(people: People) -> list[str]:
    return [each.client for each in people.present()]


def test_people_are_told_in_the_order_in_which_they_came() -> None:
    people = People("n")
    people.put("seat2", person("a", joined=2))
    people.put("seat1", person("z", joined=1))
    assert clients(people) == ["z", "a"]


def test_each_process_knows_the_people_of_the_others() -> None:
    one, two, three = People("1"), People("2"), People("3")
    one.put(0, person("a", "Ada", 1, selection=("conv1", "é\ud800")))
    two.put(0, person("b", "Bob", 2))
    exchange(one, two, three)
    assert one.present() == two.present() == three.present()
    assert [(each.name, each.selection) for each in one.present()] == [
        ("Ada", ("conv1", "é\ud800")),
        ("Bob", ()),
    ]


def test_who_leaves_one_process_is_gone_in_the_others() -> None:
    one, two = People("1"), People("2")
    one.put(0, person("a"))
    exchange(one, two)
    assert one.remove(0)
    exchange(one, two)
    assert clients(two) == []


def test_a_newcomer_hears_of_everybody() -> None:
    one, two = People("1"), People("2")
    one.put(0, person("a"))
    list(one.signals())
    one.hear(two.hello(), 0)
    exchange(one, two)
    assert clients(two) == ["a"]


def test_people_of_a_process_that_is_silent_are_forgotten() -> None:
    one, two = People("1"), People("2")
    one.put(0, person("a"))
    exchange(one, two, now=0)
    assert not two.forget(FORGOTTEN_AFTER)
    one.announce()
    exchange(one, two, now=20)
    assert not two.forget(FORGOTTEN_AFTER + 20)
    assert two.forget(FORGOTTEN_AFTER + 21)
    assert clients(two) == []


def test_a_client_that_connects_again_elsewhere_is_one_person_in_its_newest_state() -> None:
    one, two = People("1"), People("2")
    one.put(0, person("a", "old", joined=1))
    exchange(one, two)
    two.put(0, person("a", "new", joined=2))
    exchange(one, two)
    assert [each.name for each in one.present()] == [each.name for each in two.present()] == ["new"]
    one.remove(0)
    exchange(one, two)
    assert [each.name for each in two.present()] == ["new"]


def test_an_old_socket_that_is_found_dead_does_not_take_the_new_one_along() -> None:
    one, two = People("1"), People("2")
    one.put("old", person("a", "old", joined=1))
    one.put("new", person("a", "new", joined=2))
    one.remove("old")
    exchange(one, two)
    assert [each.name for each in two.present()] == ["new"]


def test_a_reader_is_shown_only_by_name_and_never_instead_of_an_editor() -> None:
    people = People("n")
    people.put(0, person("r", access="read"))
    assert clients(people) == []
    people.put(0, person("r", "Rita", access="read"))
    assert clients(people) == ["r"]
    people.put(1, person("e", "Eve", joined=1))
    people.put(2, person("e", "Mallory", joined=9, access="read"))
    assert [each.name for each in people.present()] == ["Rita", "Eve"]


def test_what_changes_nothing_is_not_told() -> None:
    people = People("n")
    assert people.put(0, person("a"))
    list(people.signals())
    assert not people.put(0, person("a"))
    assert not people.has_untold


@given(st.lists(st.tuples(st.text(max_size=100), st.lists(st.text(max_size=300), max_size=150)), max_size=12))
def test_any_people_fit_into_signals_and_arrive_whole(said: list[tuple[str, list[str]]]) -> None:
    one, two = People("1"), People("2")
    for number, (name, keys) in enumerate(said):
        me = read_me(json.dumps({"type": "me", "name": name, "selection": keys}))
        assert me.selection is not None
        assert len(me.selection) + me.more == len(keys)
        assert list(me.selection) == keys[: len(me.selection)]
        one.put(number, Person(f"c{number}", me.name or "", me.selection, me.more, "edit", number))
    for signal in one.signals():
        assert signal.isascii()
        assert len(signal) <= LONGEST
        two.hear(signal, 0)
    assert two.present() == one.present()


@given(
    st.text()
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=6)
            | st.dictionaries(st.sampled_from(["node", "here", "gone", "hello"]), inner, max_size=4)
        ),
    ).map(json.dumps)
)
@example('{"node":"m","here":[["b","Bob",[],Infinity,"edit",1]]}')
@example("[" * 100_000)
def test_a_signal_that_nobody_understands_does_no_harm(signal: str) -> None:
    people = People("n")
    people.put(0, person("a"))
    people.hear(signal, 0)
    assert "a" in clients(people)


_RUBBISH = ["", "{", "null", "[]", '"me"', "{}", "NaN", "[" * 100_000, '{"type":"you"}', '{"type":["me"]}']
_MISTAKES = ['"name":1', '"selection":"conv1"', '"selection":[1]', '"more":-1', '"more":true', '"more":1e3']


@pytest.mark.parametrize("text", [*_RUBBISH, *(f'{{"type":"me",{each}}}' for each in _MISTAKES)])
def test_rubbish_is_not_understood(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_me(text)


def test_a_name_is_one_line_that_can_be_shown() -> None:
    def name(given: str) -> Any:
        return read_me(json.dumps({"type": "me", "name": given})).name

    assert name("  Ada \n\t Lovelace\u202e\u0000 ") == "Ada Lovelace"
    assert name("<b>Ada</b>") == "<b>Ada</b>"  # a text; who shows it escapes it
    assert name("\ud800x") == "x"
    assert len(name("x" * 1000)) == messages.LONGEST_NAME


def test_of_a_large_selection_the_first_hundred_are_told_and_the_rest_counted() -> None:
    me = read_me(json.dumps({"type": "me", "selection": [f"l{n}" for n in range(20_000)]}))
    assert me == Me(None, tuple(f"l{n}" for n in range(100)), 19_900)
    counted = read_me('{"type": "me", "selection": ["a"], "more": 7}')
    assert (counted.selection, counted.more) == (("a",), 7)


def test_a_burst_is_allowed_and_a_flood_is_not() -> None:
    now = 0.0
    budget = Budget(lambda: now, at_once=10, a_second=1)
    assert [budget.take(0) for _ in range(11)] == [True] * 10 + [False]
    now = 100.0
    assert budget.take(0)


def test_large_messages_count_as_several() -> None:
    budget = Budget(lambda: 0.0, at_once=10, a_second=1)
    assert budget.take(100_000)
    assert not budget.take(100_000)
