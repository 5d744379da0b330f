"""No small number can be worked out from what is shown, whoever tries with which sums."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.central.insight.suppression import TOTAL, Place, hidden, is_small, with_totals

Table = dict[Place, int]
NUMBERS = st.one_of(st.integers(0, 12), st.integers(0, 60))


def table(*rows: list[int]) -> Table:
    return {
        (f"r{row}", f"c{column}"): number
        for row, numbers in enumerate(rows)
        for column, number in enumerate(numbers)
    }


TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=5
    ).map(lambda rows: table(*rows))
)


def lines(whole: Table) -> list[list[Place]]:
    """Each row and each column with its total last."""
    rows = sorted({row for row, _column in whole} - {TOTAL})
    columns = sorted({column for _row, column in whole} - {TOTAL})
    across = [[(row, column) for column in (*columns, TOTAL)] for row in (*rows, TOTAL)]
    return across + [[(row, column) for row in (*rows, TOTAL)] for column in (*columns, TOTAL)]


def worked_out(whole: Table, concealed: frozenset[Place]) -> set[Place]:
    """The hidden numbers that follow from the shown ones, by solving all sums at once."""
    unknown = sorted(concealed)
    rows = [
        [Fraction((-1 if place == line[-1] else 1) if place in line else 0) for place in unknown]
        for line in lines(whole)
    ]
    solved: list[list[Fraction]] = []
    for column in range(len(unknown)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        rows = [_less(row, pivot, row[column]) for row in rows]
        solved = [_less(row, pivot, row[column]) for row in solved] + [pivot]
    return {
        unknown[next(place for place, value in enumerate(row) if value)]
        for row in solved
        if sum(bool(value) for value in row) == 1
    }


def _less(row: list[Fraction], other: list[Fraction], times: Fraction) -> list[Fraction]:
    return [value - times * taken for value, taken in zip(row, other, strict=True)]


@settings(max_examples=100)
@given(TABLES)
def test_no_small_number_is_shown_or_follows_from_the_others(numbers: Table) -> None:
    whole, concealed = with_totals(numbers), hidden(numbers)
    assert not [place for place in whole if is_small(whole[place]) and place not in concealed]
    assert not [place for place in worked_out(whole, concealed) if is_small(whole[place])]


@settings(max_examples=100)
@given(TABLES)
def test_no_row_or_column_gives_away_how_few_its_hidden_ones_are(numbers: Table) -> None:
    whole, concealed = with_totals(numbers), hidden(numbers)
    for *inner, total in lines(whole):
        missing = [place for place in inner if place in concealed]
        if total in concealed:
            assert missing, "a total alone can be added up"
        elif missing:
            assert len(missing) > 1, "one alone is the total less the others"
            assert not is_small(sum(whole[place] for place in missing))


@settings(max_examples=60)
@given(TABLES, st.data())
def test_what_the_table_above_shows_does_not_tell_of_the_one_below(
    numbers: Table, data: st.DataObject
) -> None:
    """The last row is settled already: as a row of the table above, with its own totals."""
    whole = with_totals(numbers)
    columns = sorted({column for _row, column in numbers})
    others = {("other", column): data.draw(NUMBERS, label=column) for column in columns}
    above = {("this", column): whole[TOTAL, column] for column in columns} | others
    kept_back = hidden(above)
    told = {column: ("this", column) in kept_back for column in (*columns, TOTAL)}
    concealed = hidden(numbers, told)
    assert {column: (TOTAL, column) in concealed for column in told} == told
    for column, is_told in told.items():
        line = [place for place in whole if place[1] == column and place[0] != TOTAL]
        missing = [place for place in line if place in concealed]
        if is_told:
            assert missing
        elif missing and len(line) > 1:
            assert len(missing) > 1
            assert not is_small(sum(whole[place] for place in missing))
    assert not [place for place in whole if is_small(whole[place]) and place not in concealed]


def test_if_one_alone_is_small_the_next_smallest_is_hidden_too() -> None:
    assert hidden(table([5, 40, 20, 30])) >= {("r0", "c0"), ("r0", "c2")}
    assert ("r0", "c1") not in hidden(table([5, 40, 20, 30]))


def test_several_small_ones_together_may_still_be_too_few() -> None:
    assert ("r0", "c2") in hidden(table([2, 3, 15, 40], [20, 20, 20, 20]))
    assert ("r0", "c2") not in hidden(table([6, 7, 15, 40], [20, 20, 20, 20], [6, 7, 15, 40]))


def test_a_way_round_by_rows_and_columns_is_closed_too() -> None:
    """Two squares of hidden numbers, and one small number that alone joins them."""
    numbers = table(
        [11, 12, 90, 90],
        [13, 14, 5, 90],
        [90, 90, 15, 16],
        [90, 90, 17, 18],
    )
    concealed = hidden(numbers)
    assert ("r1", "c2") in concealed
    assert ("r1", "c2") not in worked_out(with_totals(numbers), concealed)


@pytest.mark.parametrize("numbers", [{}, table([0, 0]), table([10, 200], [30, 10])])
def test_where_nothing_is_small_all_is_shown(numbers: Table) -> None:
    assert hidden(numbers) == frozenset()


def test_nothing_is_a_number_that_may_be_shown() -> None:
    assert not is_small(0)
    assert [is_small(number) for number in (1, 9, 10)] == [True, True, False]


def test_a_long_table_is_no_trouble() -> None:
    numbers = {(f"{row:03}", f"{column:02}"): row % 23 for row in range(148) for column in range(4)}
    concealed = hidden(numbers)
    assert all((place in concealed) >= is_small(number) for place, number in numbers.items())
    assert all(one <= other for one, other in pairwise(sorted(concealed)))
