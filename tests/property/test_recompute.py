"""Whatever is answered in whatever order, one change leaves the form as a full recompute does."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.forms.engine.model import Model
from kiosk.forms.engine.node import Node
from kiosk.forms.entry import Entry
from tests.forms import TODAY, form

FORM = """
| survey | | | | | | | |
| | type | name | label | relevant | calculation | choice_filter | repeat_count |
| | integer | a | A | | | | |
| | integer | b | B | ${a} > 2 | | | |
| | calculate | sum | | | ${a} + ${b} | | |
| | select_one_from_file p.csv | p | P | | | | |
| | select_one_from_file d.csv | d | D | ${p} != '' | | p = ${p} and min <= ${sum} | |
| | select_multiple_from_file d.csv | many | M | | | p = ${p} | |
| | begin_group | g | G | selected(${many}, 'd2') or ${d} = 'd1' | | | |
| | text | x | X | | | | |
| | begin_group | h | H | ${x} != 'no' | | | |
| | integer | y | Y | | | | |
| | calculate | z | | | if(${y} > 3, ${d}, ${x}) | | |
| | end_group | | | | | | |
| | end_group | | | | | | |
| | calculate | last | | | concat(${z}, '-', ${d}, '-', count-selected(${many})) | | |
| | begin_repeat | r | R | | | | |
| | integer | n | N | | | | |
| | text | t | T | ${n} > ${a} | | | |
| | calculate | place | | | position(..) * ${n} | | |
| | calculate | running | | | ${n} + sum(../preceding-sibling::r/n) | | |
| | begin_repeat | q | Q | | | | ${n} |
| | integer | v | V | ${n} != 2 | | | |
| | calculate | w | | | ${v} + ${n} + ${a} | | |
| | end_repeat | | | | | | |
| | end_repeat | | | | | | |
| | calculate | total | | | sum(/data/r/n) + count(/data/r) + count-non-empty(/data/r/q/v) | | |
| | calculate | second | | | indexed-repeat(${n}, ${r}, 2) | | |
"""
FILES = {
    "p.csv": "name,label\np1,P1\np2,P2\n",
    "d.csv": "name,label,p,min\nd1,D1,p1,0\nd2,D2,p1,5\nd3,D3,p2,0\nd4,D4,p2,9\n",
}
DEFINITION = form(FORM, FILES)
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)

SIMPLE = {
    "/data/a": ["", "1", "3", "7", "x"],
    "/data/b": ["", "2", "5"],
    "/data/p": ["", "p1", "p2", "p9"],
    "/data/d": ["", "d1", "d2", "d3", "d4"],
    "/data/many": ["", "d1", "d1 d2", "d3", "d2 d4"],
    "/data/g/x": ["", "no", "yes"],
    "/data/g/h/y": ["", "1", "4"],
}
FIELDS = ("n", "t", "q[1]/v", "q[2]/v")


def steps() -> st.SearchStrategy[tuple[Any, ...]]:
    answers = st.sampled_from(sorted(SIMPLE)).flatmap(
        lambda path: st.tuples(st.just("answer"), st.just(path), st.sampled_from(SIMPLE[path]))
    )
    rows = st.tuples(
        st.just("answer"),
        st.builds("/data/r[{}]/{}".format, st.integers(1, 3), st.sampled_from(FIELDS)),
        st.sampled_from(["", "0", "1", "2", "3", "8"]),
    )
    changes = st.tuples(st.sampled_from(["add", "remove"]), st.integers(1, 3), st.none())
    return st.one_of(answers, rows, changes)


def state(model: Model) -> list[tuple[str, str, str, bool]]:
    def rows(node: Node) -> list[tuple[str, str, str, bool]]:
        own = [(model.path_of(node), node.value, node.kept, node.relevant)]
        return own + [row for child in node.children for row in rows(child)]

    return [row for row in rows(model.root) if "meta" not in row[0]]


def take(entry: Entry, step: tuple[Any, ...]) -> None:
    what, where, value = step
    if what == "add":
        entry.add_repeat("/data/r")
    elif what == "remove":
        entry.remove_repeat(f"/data/r[{where}]")
    elif entry._model.find(where) is not None:
        entry.answer(where, value)


@settings(max_examples=150, deadline=None)
@given(st.lists(steps(), max_size=25))
def test_an_incremental_recompute_equals_a_full_one(taken: list[tuple[Any, ...]]) -> None:
    entry = Entry(DEFINITION, language="en", today=TODAY, now=lambda: NOON)
    for step in taken:
        take(entry, step)
        before = state(entry._model)
        entry._model.recompute_all()
        assert state(entry._model) == before


@settings(max_examples=60, deadline=None)
@given(st.lists(steps(), max_size=20))
def test_a_record_opened_for_correcting_is_the_same_form(taken: list[tuple[Any, ...]]) -> None:
    entry = Entry(DEFINITION, language="en", today=TODAY, now=lambda: NOON)
    for step in taken:
        take(entry, step)
    again = Entry.from_record(DEFINITION, entry.record(), language="en", today=TODAY)
    assert again.record() == entry.record()


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(SIMPLE)), st.text(max_size=50))
def test_any_text_may_be_answered_and_is_recorded_clean(path: str, text: str) -> None:
    entry = Entry(DEFINITION, language="en", today=TODAY, now=lambda: NOON)
    entry.answer(path, text)
    entry.violations()
    entry.lines()
    assert Entry.from_record(DEFINITION, entry.record(), language="lo").record()
