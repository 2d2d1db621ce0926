"""Counts add up, and what leaves the office gives no small count back: an integer program plays the reader who tries."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from itertools import pairwise

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from migrant_fp.domain.count_table import open_ranges
from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.headcount import age_band
from migrant_fp.domain.person import Person, Sex, Stay
from migrant_fp.domain.privacy import Sensitivity, sensitivities
from migrant_fp.domain.statistics import (
    AGE_BANDS,
    CATEGORIES,
    COLUMNS,
    THRESHOLD,
    AgeBand,
    Cell,
    Dimension,
    Facts,
    Statistics,
    count,
    facts_of,
    of_rows,
    rows,
    suppressed,
)
from migrant_fp.domain.suppression import hidden_places

PARENT = "320499"
PARTS = tuple(f"32049900{number}" for number in range(1, 7))
A, B, C, D, *_ = PARTS
MALE, FEMALE = Sex.MALE.value, Sex.FEMALE.value
BROKEN_DOWN = (Dimension.SEX, Dimension.AGE, Dimension.STAY)
Place = tuple[str, Dimension, str]
#: More than any count of the tables here: where the attacker may think of anything, he thinks of this.
ENDLESS = 100_000
KEPT_SMALL = "is suppressed, and the sums keep it below the threshold: they give it back as small"
#: Where one more man of 18 to 49 who works is counted, but for his sex.
ONE_MORE = ((Dimension.AGE, AgeBand.TO_49.value), (Dimension.STAY, CATEGORIES[Dimension.STAY][0]))


# --- tables ---------------------------------------------------------------------------------------------------------


def table(parts: dict[str, dict[Dimension, Iterable[int]]], threshold: int = THRESHOLD) -> Statistics:
    """The table of the parts, with the totals and the parent summed here and not by the code under test."""
    counts: dict[Place, int] = {(PARENT, d, c): 0 for d in Dimension for c in CATEGORIES[d]}
    for part, dimensions in parts.items():
        numbers = {d: tuple(dimensions[d]) for d in BROKEN_DOWN}
        (total,) = {sum(one) for one in numbers.values()}
        for dimension, row in {Dimension.TOTAL: (total,), **numbers}.items():
            for category, number in zip(CATEGORIES[dimension], row, strict=True):
                counts[part, dimension, category] = number
                counts[PARENT, dimension, category] += number
    return Statistics(PARENT, threshold, tuple(Cell(*place, number) for place, number in counts.items()))


def by_sex(parts: dict[str, tuple[int, int]], threshold: int = THRESHOLD) -> Statistics:
    """A table of men and women, all of one age and one reason to stay, so that only the sexes can be small."""
    return table(
        {
            part: {
                Dimension.SEX: (0, men, women, 0),
                Dimension.AGE: (0, 0, men + women, 0, 0),
                Dimension.STAY: (men + women, 0, 0, 0, 0, 0, 0),
            }
            for part, (men, women) in parts.items()
        },
        threshold,
    )


@st.composite
def tables(draw: st.DrawFn) -> Statistics:
    """Tables of one to six parts, many of their counts around the threshold."""

    def split(total: int, categories: int) -> list[int]:
        cuts = st.lists(st.integers(0, total), min_size=categories - 1, max_size=categories - 1)
        return [b - a for a, b in pairwise([0, *sorted(draw(cuts)), total])]

    totals = st.one_of(st.just(0), st.integers(1, 15), st.integers(10, 60), st.integers(60, 500))
    parts = {}
    for part in PARTS[: draw(st.integers(1, 6))]:
        total = draw(totals)
        parts[part] = {dimension: split(total, len(CATEGORIES[dimension])) for dimension in BROKEN_DOWN}
    return table(parts, draw(st.integers(3, 12)))


def hidden(statistics: Statistics) -> set[Place]:
    return {place for place, number in statistics.counts.items() if number is None}


def small(statistics: Statistics) -> set[Place]:
    return {
        place for place, number in statistics.counts.items() if number and 0 < number < statistics.threshold
    }


# --- the reader who tries -------------------------------------------------------------------------------------------


def what_can_be_known(published: Statistics) -> Callable[[Place], tuple[int, int]]:
    """The least and the greatest number a cell may hold, for one who knows the published ones and that all add up."""
    bounds = what_all_tell([published])
    return lambda place: bounds(0, place)


def what_all_tell(
    published: Sequence[Statistics], unchanged: Collection[Place] = ()
) -> Callable[[int, Place], tuple[int, int]]:
    """The same for one who has several tables, and takes it for granted that some cells hold the same in all of them."""
    places = [(n, place) for n, one in enumerate(published) for place in one.counts]
    at = {place: number for number, place in enumerate(places)}
    equations = []

    def adds_up(n: int, whole: Place, parts: Iterable[Place]) -> None:
        equation = np.zeros(len(places))
        equation[at[n, whole]] = -1
        equation[[at[n, part] for part in parts]] = 1
        equations.append(equation)

    for n, one in enumerate(published):
        for row in one.divisions:
            for d in BROKEN_DOWN:
                adds_up(n, (row, Dimension.TOTAL, "total"), ((row, d, c) for c in CATEGORIES[d]))
        for d in Dimension:
            for c in CATEGORIES[d]:
                adds_up(n, (PARENT, d, c), ((row, d, c) for row in one.divisions[1:]))
    for place in unchanged:
        equation = np.zeros(len(places))
        equation[at[0, place]], equation[at[1, place]] = 1, -1
        equations.append(equation)
    known = [published[n].counts[place] for n, place in places]
    limits = Bounds([number or 0 for number in known], [ENDLESS if n is None else n for n in known])

    def bounds(n: int, place: Place) -> tuple[int, int]:
        goal = np.zeros(len(places))
        goal[at[n, place]] = 1
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * goal,
                constraints=LinearConstraint(np.array(equations), 0, 0),
                bounds=limits,
                integrality=np.ones(len(places)),
            )
            assert found.success, found.message
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]

    return bounds


def given_back(full: Statistics, published: Statistics) -> set[Place]:
    """The small counts of the full table that a reader of the published one can tell to be small, or exactly."""
    bounds = what_can_be_known(published)
    found = set()
    for place in small(full):
        least, greatest = bounds(place)
        if greatest < full.threshold or least == greatest:
            found.add(place)
    return found


def given_back_by_both(
    full: Sequence[Statistics], published: Sequence[Statistics], unchanged: Collection[Place] = ()
) -> set[tuple[int, Place]]:
    """The small counts of either table that a reader of both can tell to be small, or exactly."""
    bounds = what_all_tell(published, unchanged)
    found = set()
    for n, one in enumerate(full):
        for place in small(one):
            least, greatest = bounds(n, place)
            if greatest < one.threshold or least == greatest:
                found.add((n, place))
    return found


def without(full: Statistics, places: set[Place]) -> Statistics:
    return attrs.evolve(
        full, cells=tuple(Cell(*p, None if p in places else number) for p, number in full.counts.items())
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_no_small_count_can_be_worked_out_from_what_is_published(full: Statistics) -> None:
    assert given_back(full, suppressed(full)) == set()


def test_the_reader_finds_the_one_small_count_that_is_merely_left_out() -> None:
    full = by_sex({A: (3, 40), B: (50, 60)})
    naive = without(full, small(full))

    assert given_back(full, naive) == {(A, Dimension.SEX, MALE)}
    assert what_can_be_known(naive)((A, Dimension.SEX, MALE)) == (3, 3)


def test_the_reader_finds_small_counts_where_only_rows_are_protected() -> None:
    full = by_sex({A: (3, 40), B: (50, 60)})
    rows_only = without(full, {(A, Dimension.SEX, MALE), (A, Dimension.SEX, FEMALE)})

    assert given_back(full, rows_only) == {(A, Dimension.SEX, MALE)}


def test_the_reader_tells_that_a_count_is_small_where_the_loop_is_too_narrow() -> None:
    full = by_sex({A: (3, 40), B: (4, 60), C: (90, 90)})
    narrow = without(full, {(part, Dimension.SEX, sex) for part in (A, B) for sex in (MALE, FEMALE)})

    assert what_can_be_known(narrow)((A, Dimension.SEX, MALE)) == (0, 7)
    assert given_back(full, narrow) == {(A, Dimension.SEX, MALE), (B, Dimension.SEX, MALE)}


def test_the_reader_finds_the_total_of_a_part_withheld_alone() -> None:
    full = by_sex({A: (2, 0), B: (50, 60)})
    alone = without(full, {place for place in full.counts if place[0] == A})

    assert (A, Dimension.TOTAL, "total") in given_back(full, alone)


@given(tables())
def test_every_small_count_is_suppressed(full: Statistics) -> None:
    assert small(full) <= hidden(suppressed(full))


# --- suppression ----------------------------------------------------------------------------------------------------


def test_one_small_count_takes_the_cheapest_loop_of_four_cells_with_it() -> None:
    published = suppressed(by_sex({A: (4, 30), B: (20, 25), C: (90, 80)}))

    assert hidden(published) == {(part, Dimension.SEX, sex) for part in (A, B) for sex in (MALE, FEMALE)}


def test_a_loop_may_run_through_the_parent_where_there_is_one_part() -> None:
    published = suppressed(by_sex({A: (4, 30)}))

    assert hidden(published) == {(row, Dimension.SEX, sex) for row in (A, PARENT) for sex in (MALE, FEMALE)}


def test_a_loop_uses_what_is_suppressed_already() -> None:
    parts = {
        A: {"1": 4, "2": 10, "3": 1000, "4": 1000},
        B: {"1": 500, "2": 1000, "3": 10, "4": 4},
        C: {"1": 20, "2": 20, "3": 1000, "4": 1000},
        D: {"1": 1000, "2": 1000, "3": 20, "4": 20},
    }

    assert hidden_places(parts, PARENT, 10) == {(row, column) for row in (A, B) for column in "14"}


@given(tables())
def test_the_order_of_the_rows_does_not_matter(full: Statistics) -> None:
    parts = {
        row: {c: full.count_of(row, Dimension.STAY, c) or 0 for c in CATEGORIES[Dimension.STAY]}
        for row in full.divisions[1:]
        if (full.count_of(row, Dimension.TOTAL, "total") or 0) >= full.threshold
    }
    backwards = {row: dict(reversed(parts[row].items())) for row in reversed(parts)}

    assert hidden_places(backwards, PARENT, full.threshold) == hidden_places(parts, PARENT, full.threshold)


def test_where_one_loop_is_too_narrow_a_second_is_added() -> None:
    full = table(
        {
            A: {
                Dimension.SEX: (0, 24, 0, 0),
                Dimension.AGE: (0, 0, 24, 0, 0),
                Dimension.STAY: (4, 4, 4, 4, 4, 4, 0),
            },
            B: {
                Dimension.SEX: (0, 600, 0, 0),
                Dimension.AGE: (0, 0, 600, 0, 0),
                Dimension.STAY: (100, 100, 100, 100, 100, 100, 0),
            },
        }
    )
    published = suppressed(full)

    assert {category for _, _, category in hidden(published)} == {*CATEGORIES[Dimension.STAY][:6]}
    assert given_back(full, published) == set()


def test_a_part_with_a_small_total_is_withheld_whole_with_the_smallest_other() -> None:
    published = suppressed(by_sex({A: (2, 3), B: (200, 300), C: (40, 30)}))

    assert hidden(published) == {place for place in published.counts if place[0] in {A, C}}


def test_the_other_may_have_a_total_of_exactly_the_threshold() -> None:
    published = suppressed(by_sex({A: (5, 0), B: (200, 300), C: (10, 0)}))

    assert {place[0] for place in hidden(published)} == {A, C}


def test_parts_that_are_no_longer_small_together_are_withheld_alone() -> None:
    published = suppressed(by_sex({A: (6, 0), B: (200, 300), C: (4, 0)}))

    assert {place[0] for place in hidden(published)} == {A, C}


def test_the_sum_of_withheld_parts_is_protected_as_a_row() -> None:
    published = suppressed(by_sex({A: (0, 9), B: (3, 0), C: (200, 300)}))
    withheld = {place for place in published.counts if place[0] in {A, B}}

    assert hidden(published) == withheld | {(C, Dimension.SEX, MALE), (C, Dimension.SEX, FEMALE)}


def test_a_row_with_a_small_total_cannot_be_protected_among_others() -> None:
    with pytest.raises(Invalid, match="a row: has a small total; withhold such rows whole first"):
        hidden_places({A: {"m": 4, "f": 5}, B: {"m": 40, "f": 50}}, PARENT, 10)


def test_everything_is_withheld_where_the_total_of_all_is_small() -> None:
    full = by_sex({A: (1, 2), B: (0, 0)})

    assert hidden(suppressed(full)) == {*full.counts}


@pytest.mark.parametrize(("men", "shown"), [(9, False), (10, True), (0, True)])
def test_counts_below_the_threshold_are_suppressed_and_zeros_are_not(men: int, shown: bool) -> None:
    published = suppressed(by_sex({A: (men, 40), B: (50, 60)}))

    assert (hidden(published) == set()) is shown


def test_a_total_of_exactly_the_threshold_is_published() -> None:
    full = by_sex({A: (10, 0)})

    assert suppressed(full) == full


def test_nobody_counted_is_published_as_zeros() -> None:
    nobody = by_sex({A: (0, 0), B: (0, 0)})

    assert suppressed(nobody) == nobody


@given(tables())
def test_suppressing_twice_is_suppressing_once(full: Statistics) -> None:
    once = suppressed(full)

    assert suppressed(once) == once


@given(tables())
def test_what_is_published_is_unchanged_and_the_rest_is_the_same_table(full: Statistics) -> None:
    published = suppressed(full)

    assert published == without(full, hidden(published))


@given(tables())
def test_a_dimension_without_small_counts_is_published_but_for_the_parts_withheld(full: Statistics) -> None:
    published = suppressed(full)
    withheld = {row for row, d, _ in hidden(published) if d is Dimension.TOTAL}

    for dimension in BROKEN_DOWN:
        if withheld or any(place[1] is dimension for place in small(full)):
            continue
        assert not any(place[1] is dimension for place in hidden(published))


@given(tables())
def test_a_zero_is_published_but_for_the_parts_withheld(full: Statistics) -> None:
    published = suppressed(full)
    withheld = {row for row, d, _ in hidden(published) if d is Dimension.TOTAL}

    assert all(full.counts[place] or place[0] in withheld for place in hidden(published))


@given(tables())
def test_the_total_of_all_is_published_unless_it_is_small(full: Statistics) -> None:
    total = full.count_of(PARENT, Dimension.TOTAL, "total")

    shown = suppressed(full).count_of(PARENT, Dimension.TOTAL, "total")

    assert shown == (None if 0 < total < full.threshold else total)


def test_a_table_that_was_suppressed_badly_is_refused() -> None:
    full = by_sex({A: (3, 40), B: (50, 60)})
    one_alone = without(full, {(A, Dimension.SEX, MALE)})
    one_shown = without(full, {(B, Dimension.SEX, MALE), (B, Dimension.SEX, FEMALE)})

    with pytest.raises(Invalid) as alone:
        suppressed(one_alone)
    with pytest.raises(Invalid) as shown:
        suppressed(one_shown)

    assert [(p.place, p.fact) for p in alone.value.problems] == [
        (
            f"{A}/total",
            "one suppressed count alone among it and the categories of sex: the others give it back",
        ),
        (
            f"{PARENT}/sex/1",
            "one suppressed count alone among it and the parts: the others give it back",
        ),
        (f"{A}/sex/1", KEPT_SMALL),
        (
            "table",
            "cannot be protected any more, since its small counts are gone; suppress the full counts instead",
        ),
    ]
    assert (f"{A}/sex/1", "is small and shown") in [(p.place, p.fact) for p in shown.value.problems]


def test_suppressed_counts_that_are_small_together_are_refused() -> None:
    full = by_sex({A: (40, 0), B: (50, 60)})
    cells = {**full.counts, (A, Dimension.TOTAL, "total"): 41, (PARENT, Dimension.TOTAL, "total"): 151}
    cells |= {(row, d, c): (full.counts[row, d, c] or 0) + 1 for row in (A, PARENT) for d, c in ONE_MORE}
    pair = {(row, Dimension.SEX, c) for row in (A, PARENT) for c in (FEMALE, "9")}
    published = Statistics(
        PARENT, THRESHOLD, tuple(Cell(*p, None if p in pair else number) for p, number in cells.items())
    )

    with pytest.raises(Invalid) as refused:
        suppressed(published)

    # By hand: 41 in all less 40 men leave 1 for the two of A, and the parent has none of 9 but hers.
    assert [(p.place, p.fact) for p in refused.value.problems[:-1]] == [
        (f"{PARENT}/sex/9", KEPT_SMALL),
        (f"{A}/sex/2", KEPT_SMALL),
        (f"{A}/sex/9", KEPT_SMALL),
    ]


def test_suppressed_counts_that_no_number_fits_are_refused() -> None:
    full = by_sex({A: (20, 40), B: (50, 60)})
    totals = {(part, Dimension.TOTAL, "total") for part in (A, B)}
    # The ages of A add up to 50, its sexes to 60: neither sum is wrong by itself while the total is suppressed.
    odd = {(A, Dimension.AGE, AgeBand.TO_49.value): 50, (B, Dimension.AGE, AgeBand.TO_49.value): 120}
    published = attrs.evolve(
        full,
        cells=tuple(
            Cell(*p, None if p in totals else odd.get(p, number)) for p, number in full.counts.items()
        ),
    )

    with pytest.raises(Invalid, match=f"{A}/total/total: is suppressed, and no number makes the sums add up"):
        suppressed(published)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.data())
def test_a_range_of_the_sums_is_never_closer_than_what_can_be_known(
    full: Statistics, data: st.DataObject
) -> None:
    published = without(full, set(data.draw(st.lists(st.sampled_from([*full.counts]), max_size=60))))
    bounds = what_can_be_known(published)

    for place, (least, most) in open_ranges(published).items():
        known_least, known_most = bounds(place)
        assert least <= known_least
        assert most >= known_most


# --- corrections ----------------------------------------------------------------------------------------------------


@st.composite
def corrections(draw: st.DrawFn) -> tuple[Statistics, Statistics]:
    """A table and its correction: some parts are drawn anew, and there may be one more."""
    first = draw(tables())
    second = draw(tables())
    anew = draw(st.sets(st.sampled_from(PARTS)))
    parts: dict[str, dict[Dimension, Iterable[int]]] = {}
    for part in {*first.divisions[1:], *(anew & {*second.divisions})}:
        source = second if part in anew and part in second.divisions else first
        parts[part] = {d: [source.counts[part, d, c] or 0 for c in CATEGORIES[d]] for d in BROKEN_DOWN}
    return first, table(parts, first.threshold + draw(st.integers(0, 2)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corrections())
def test_no_small_count_can_be_worked_out_from_a_table_and_its_correction(
    pair: tuple[Statistics, Statistics],
) -> None:
    first = suppressed(pair[0])
    second = suppressed(pair[1], first)

    assert given_back_by_both(pair, (first, second)) == set()


#: 129 men less 70 and 55 give the 4 men of A, if C shows its men in the one table and B its men in the other.
FIRST = by_sex({A: (4, 100), B: (50, 60), C: (55, 70)})
SECOND = by_sex({A: (4, 100), B: (70, 80), C: (55, 70)})
SAME = [place for place in FIRST.counts if place[0] in {A, C}]


def test_the_reader_finds_a_small_count_where_two_tables_hide_different_cells() -> None:
    published = (suppressed(FIRST), suppressed(SECOND))

    assert (1, (A, Dimension.SEX, MALE)) in given_back_by_both((FIRST, SECOND), published, SAME)


def test_a_correction_hides_what_was_hidden_so_that_the_difference_gives_nothing_back() -> None:
    first = suppressed(FIRST)
    second = suppressed(SECOND, first)

    assert hidden(second) == hidden(first)
    assert given_back_by_both((FIRST, SECOND), (first, second), SAME) == set()


def test_a_correction_without_a_small_count_goes_on_hiding_what_was_hidden() -> None:
    first = suppressed(FIRST)
    nothing_small = by_sex({A: (40, 100), B: (50, 60), C: (55, 70)})

    assert hidden(suppressed(nothing_small, first)) == hidden(first)


@given(corrections())
def test_what_was_hidden_stays_hidden(pair: tuple[Statistics, Statistics]) -> None:
    first = suppressed(pair[0])

    assert hidden(first) <= hidden(suppressed(pair[1], first))


@given(corrections())
def test_a_correction_passes_when_it_is_looked_through_as_the_receiver_does(
    pair: tuple[Statistics, Statistics],
) -> None:
    first = suppressed(pair[0])
    second = suppressed(pair[1], first)

    assert suppressed(second) == suppressed(second, first) == second


def test_new_loops_run_through_what_changed_where_they_can() -> None:
    first = by_sex({A: (40, 100), B: (50, 60), C: (20, 25)})
    second = by_sex({A: (4, 100), B: (70, 80), C: (20, 25)})
    alone, corrected = suppressed(second), suppressed(second, suppressed(first))

    assert {row for row, *_ in hidden(alone)} == {A, C}
    assert {row for row, *_ in hidden(corrected)} == {A, B}


def test_who_knows_that_one_part_alone_changed_can_know_more_and_that_is_not_promised() -> None:
    first = by_sex({A: (30, 0), B: (20, 20), C: (50, 60)})
    second = by_sex({A: (3, 0), B: (20, 20), C: (50, 60)})
    published = (suppressed(first), suppressed(second, suppressed(first)))
    total = (1, (A, Dimension.TOTAL, "total"))
    same = [place for place in first.counts if place[0] in {B, C}]

    assert total not in given_back_by_both((first, second), published)
    assert total in given_back_by_both((first, second), published, same)


def test_where_everything_was_hidden_everything_stays_hidden() -> None:
    first = suppressed(by_sex({A: (1, 2), B: (0, 0)}))
    second = by_sex({A: (100, 200), B: (50, 60)})

    assert hidden(suppressed(second, first)) == {*second.counts}


def test_a_part_withheld_stays_withheld_though_its_total_is_no_longer_small() -> None:
    first = suppressed(by_sex({A: (2, 3), B: (200, 300), C: (40, 30)}))
    second = suppressed(by_sex({A: (20, 30), B: (200, 300), C: (40, 30)}), first)

    assert {place[0] for place in hidden(second)} == {A, C}


@pytest.mark.parametrize(
    ("second", "place", "fact"),
    [
        (attrs.evolve(SECOND, threshold=3), "threshold", "came 3, the revision before has 10"),
        (by_sex({B: (70, 80), C: (55, 70)}), A, "is missing, and the revision before suppressed some of it"),
        (suppressed(SECOND), f"{B}/sex/1", "is shown, and the revision before suppressed it"),
        (count([], "320498"), "parent", "came 320498, the revision before has 320499"),
    ],
)
def test_a_correction_that_takes_back_what_was_hidden_is_refused(
    second: Statistics, place: str, fact: str
) -> None:
    with pytest.raises(Invalid) as refused:
        suppressed(second, suppressed(FIRST))

    assert any(p.place == place and p.fact.startswith(fact) for p in refused.value.problems)


# --- counting -------------------------------------------------------------------------------------------------------

FACTS = st.builds(
    Facts, st.sampled_from(PARTS), st.sampled_from(Sex), st.sampled_from(AgeBand), st.sampled_from(Stay)
)


def test_a_small_count_by_hand() -> None:
    woman = Facts(A, Sex.FEMALE, AgeBand.TO_49, Stay.WORK)
    child = Facts(B, Sex.MALE, AgeBand.TO_14, Stay.SCHOOL)
    counted = count([woman, child, woman], PARENT)

    assert {place: number for place, number in counted.counts.items() if number} == {
        (PARENT, Dimension.TOTAL, "total"): 3,
        (PARENT, Dimension.SEX, MALE): 1,
        (PARENT, Dimension.SEX, FEMALE): 2,
        (PARENT, Dimension.AGE, "0-14"): 1,
        (PARENT, Dimension.AGE, "18-49"): 2,
        (PARENT, Dimension.STAY, "work"): 2,
        (PARENT, Dimension.STAY, "school"): 1,
        (A, Dimension.TOTAL, "total"): 2,
        (A, Dimension.SEX, FEMALE): 2,
        (A, Dimension.AGE, "18-49"): 2,
        (A, Dimension.STAY, "work"): 2,
        (B, Dimension.TOTAL, "total"): 1,
        (B, Dimension.SEX, MALE): 1,
        (B, Dimension.AGE, "0-14"): 1,
        (B, Dimension.STAY, "school"): 1,
    }
    assert len(counted.cells) == 3 * (1 + 4 + 5 + 7)


@given(st.lists(FACTS), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(facts: list[Facts], chance: random.Random) -> None:
    mixed = chance.sample(facts, len(facts))

    assert suppressed(count(mixed, PARENT)) == suppressed(count(facts, PARENT))


@given(st.lists(FACTS))
def test_every_resident_is_counted_once_in_each_dimension(facts: list[Facts]) -> None:
    counted = count(iter(facts), PARENT)

    for dimension in Dimension:
        assert sum(counted.counts[PARENT, dimension, c] for c in CATEGORIES[dimension]) == len(facts)
    for stay in Stay:
        expected = sum(1 for one in facts if one.division == A and one.stay is stay)
        assert counted.counts.get((A, Dimension.STAY, stay.value), 0) == expected


def test_a_part_in_which_nobody_is_counted_can_be_listed() -> None:
    counted = count([Facts(A, Sex.MALE, AgeBand.TO_49, Stay.WORK)], PARENT, parts=(A, B))

    assert counted.divisions == (PARENT, A, B)
    assert counted.count_of(B, Dimension.TOTAL, "total") == 0


def test_residents_of_the_whole_are_refused_since_they_are_of_no_part() -> None:
    with pytest.raises(Invalid, match="hold the parent itself; name the part"):
        count([Facts(PARENT, Sex.MALE, AgeBand.TO_49, Stay.WORK)], PARENT)


def test_the_threshold_is_ten_unless_another_is_chosen() -> None:
    assert count([], PARENT).threshold == 10
    assert count([], PARENT, 25).threshold == 25


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2011, 10, 8), "0-14"),
        (date(1996, 10, 9), "0-14"),
        (date(1996, 10, 8), "15-17"),
        (date(1993, 10, 9), "15-17"),
        (date(1993, 10, 8), "18-49"),
        (date(1961, 10, 9), "18-49"),
        (date(1961, 10, 8), "50-59"),
        (date(1951, 10, 9), "50-59"),
        (date(1951, 10, 8), "60+"),
        (date(1861, 10, 9), "60+"),
    ],
)
def test_the_band_changes_on_the_birthday(born: date, band: str) -> None:
    facts = facts_of(resident(born), date(2011, 10, 8), A)

    assert facts == Facts(A, Sex.FEMALE, AgeBand(band), Stay.WORK)


@pytest.mark.parametrize("born", [date(2011, 10, 9), date(1861, 10, 8)])
def test_an_age_that_cannot_be_is_refused_by_the_id_of_the_record(born: date) -> None:
    with pytest.raises(Invalid) as refused:
        facts_of(resident(born), date(2011, 10, 8), A)

    assert refused.value.what == "P-1"
    assert "the age on 2011-10-08 is not between 0 and 149; correct the date of birth" in str(refused.value)
    assert str(born) not in str(refused.value)


def resident(born: date) -> Person:
    return Person("P-1", "培训甲", Sex.FEMALE, born, "999999", PARENT, Stay.WORK, date(2011, 10, 1))


def test_an_age_that_cannot_be_has_no_band() -> None:
    with pytest.raises(Invalid, match="date of birth cannot be used"):
        age_band(date(2011, 10, 9), date(2011, 10, 8))


def test_every_age_has_one_band() -> None:
    assert [year for ages in AGE_BANDS.values() for year in ages] == list(range(150))


def test_nothing_of_health_can_be_counted() -> None:
    assert [dimension.value for dimension in Dimension] == ["total", "sex", "age", "stay"]
    assert set(sensitivities(Facts).values()) == {Sensitivity.PERSONAL}
    assert [field.name for field in attrs.fields(Facts)] == ["division", "sex", "age", "stay"]


def test_the_facts_of_a_resident_show_in_no_repr() -> None:
    assert repr(Facts(A, Sex.MALE, AgeBand.TO_49, Stay.WORK)) == f"Facts(division='{A}')"


# --- what is no table -----------------------------------------------------------------------------------------------

FULL = by_sex({A: (30, 40), B: (50, 60)})


def problems(
    cells: Iterable[Cell], parent: str = PARENT, threshold: int = THRESHOLD
) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        Statistics(parent, threshold, tuple(cells))
    assert refused.value.what == "statistics"
    return [(problem.place, problem.fact) for problem in refused.value.problems]


def changed(**of: int | None) -> list[Cell]:
    """The cells of the full table with other numbers: the keys are A_1 for the men of A, P_2 for all women."""
    names = {
        f"{letter}_{sex}": (row, sex)
        for letter, row in zip("ABP", (A, B, PARENT), strict=True)
        for sex in "12"
    }
    new = {(names[name][0], Dimension.SEX, names[name][1]): number for name, number in of.items()}
    return [Cell(*place, new.get(place, number)) for place, number in FULL.counts.items()]


def test_a_count_that_does_not_add_up_is_named_in_its_row_and_its_column() -> None:
    assert problems(changed(A_1=31)) == [
        (f"{A}/total", "its categories of sex add up to another number; correct one of them"),
        (f"{PARENT}/sex/1", "its parts add up to another number; correct one of them"),
    ]


def test_what_is_published_beside_suppressed_counts_must_not_exceed_the_whole() -> None:
    assert problems(changed(A_1=None, A_2=71)) == [
        (f"{A}/total", "its categories of sex add up to another number; correct one of them"),
        (f"{PARENT}/sex/2", "its parts add up to another number; correct one of them"),
    ]


def test_suppressed_counts_leave_open_what_they_are() -> None:
    held = Statistics(PARENT, THRESHOLD, tuple(changed(A_1=None, A_2=70, B_1=None, B_2=None, P_2=None)))

    assert held.count_of(A, Dimension.SEX, MALE) is None
    assert held.count_of(A, Dimension.SEX, FEMALE) == 70


def test_negative_repeated_and_unknown_cells_are_named_at_once() -> None:
    cells = [
        *FULL.cells,
        Cell(A, Dimension.SEX, MALE, 30),
        Cell(C, Dimension.SEX, MALE, -1),
        Cell(C, Dimension.STAY, "marriage", 1),
        Cell("999999200001010001", Dimension.SEX, MALE, 1),
    ]

    assert problems(cells, "", 2) == [
        ("parent", "is no code of a division; expected 6, 9 or 12 digits"),
        ("threshold", "came 2, expected 3 or more"),
        (f"{A}/sex/1", "comes twice; keep one"),
        (f"{C}/sex/1", "is negative; expected a count from 0"),
        (
            f"{C}/stay",
            "a category is unknown; expected work, living, business_trip, medical, school, travel, visit",
        ),
        ("division", "is no code; expected 6, 9 or 12 digits"),
    ]


def test_every_missing_cell_is_named() -> None:
    gone = {(A, Dimension.SEX, MALE), (B, Dimension.AGE, "60+")}
    cells = [cell for cell in FULL.cells if (cell.division, cell.dimension, cell.category) not in gone]

    assert problems(cells) == [
        (f"{A}/sex/1", "is missing; a count of nobody is 0"),
        (f"{B}/age/60+", "is missing; a count of nobody is 0"),
    ]
    assert len(problems([])) == 17


def test_a_whole_without_parts_is_empty() -> None:
    with_people = [cell for cell in FULL.cells if cell.division == PARENT]

    assert (f"{PARENT}/total/total", "its parts add up to another number; correct one of them") in problems(
        with_people
    )
    assert count([], PARENT).divisions == (PARENT,)


def test_tables_with_the_same_cells_are_equal_in_whatever_order() -> None:
    assert attrs.evolve(FULL, cells=FULL.cells[::-1]) == FULL


# --- as text --------------------------------------------------------------------------------------------------------


def test_the_rows_of_a_table_by_hand() -> None:
    published = suppressed(by_sex({A: (3, 40), B: (50, 60)}))
    lines = list(rows(published))

    assert COLUMNS == ("division", "dimension", "category", "count", "suppressed")
    assert lines[:5] == [
        (PARENT, "total", "total", "153", ""),
        (PARENT, "sex", "0", "0", ""),
        (PARENT, "sex", "1", "53", ""),
        (PARENT, "sex", "2", "100", ""),
        (PARENT, "sex", "9", "0", ""),
    ]
    assert lines[17:21] == [
        (A, "total", "total", "43", ""),
        (A, "sex", "0", "0", ""),
        (A, "sex", "1", "", "1"),
        (A, "sex", "2", "", "1"),
    ]


@given(tables(), st.randoms(use_true_random=False))
def test_a_table_comes_back_from_its_csv_file_in_whatever_order(
    full: Statistics, chance: random.Random
) -> None:
    published = suppressed(full)
    file = io.StringIO()
    csv.writer(file).writerows(rows(published))
    lines = list(csv.reader(io.StringIO(file.getvalue())))

    assert of_rows(chance.sample(lines, len(lines)), PARENT, full.threshold) == published


BAD_LINES = {
    "too few columns": (
        (A, "sex", "1", "3"),
        "has 4 columns; expected division, dimension, category, count, suppressed",
    ),
    "no division": (("张三", "sex", "1", "30", ""), "the division is no code; expected 6, 9 or 12 digits"),
    "a telephone": (
        ("19900000000", "sex", "1", "30", ""),
        "the division is no code; expected 6, 9 or 12 digits",
    ),
    "wide digits": (
        ("３２０４９９", "sex", "1", "30", ""),
        "the division is no code; expected 6, 9 or 12 digits",
    ),
    "a dimension of health": (
        (A, "marriage", "1", "30", ""),
        "the dimension is unknown; expected one of total, sex, age, stay",
    ),
    "a category of another dimension": (
        (A, "sex", "work", "30", ""),
        "the category is unknown; expected one of 0, 1, 2, 9",
    ),
    "count and mark": (
        (A, "sex", "1", "30", "1"),
        "expected either a count, or no count and 1 in the column suppressed",
    ),
    "neither": (
        (A, "sex", "1", "", ""),
        "expected either a count, or no count and 1 in the column suppressed",
    ),
    "another mark": (
        (A, "sex", "1", "30", "x"),
        "expected either a count, or no count and 1 in the column suppressed",
    ),
    **{
        f"the count {text[:9]}": (
            (A, "sex", "1", text, ""),
            "the count is no whole number of at most 12 digits without sign or leading zero",
        )
        for text in ("-1", "+1", "030", "3.0", "1e3", " 30", "３０", "²", "9" * 13, "9" * 5000)
    },
}


@pytest.mark.parametrize(("line", "fact"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_row_that_cannot_be_read_is_named_by_its_number(line: tuple[str, ...], fact: str) -> None:
    lines = [line if row[:3] == (A, "sex", "1") else row for row in rows(FULL)]

    with pytest.raises(Invalid) as refused:
        of_rows(lines, PARENT)

    assert [(p.place, p.fact) for p in refused.value.problems] == [("row 20", fact)]


def test_every_problem_of_a_file_is_listed_and_nothing_of_it_is_shown() -> None:
    lines = [(A, "sex", "1", "30", ""), ("甲", "张三", "1", "x", "y"), (A, "sex", "1", "30", "")]

    with pytest.raises(Invalid) as refused:
        of_rows(lines, "canary", 0)

    assert [p.place for p in refused.value.problems] == [
        "parent",
        "threshold",
        "row 2",
        "row 2",
        "row 2",
        "row 2",
        f"{A}/sex/1",
    ]
    assert not any(word in str(refused.value) for word in ("canary", "张三", "甲"))


def test_rows_that_do_not_add_up_are_refused() -> None:
    lines = [(*row[:3], "31", "") if row[:3] == (A, "sex", "1") else row for row in rows(FULL)]

    with pytest.raises(Invalid, match=f"{A}/total: its categories of sex add up to another number"):
        of_rows(lines, PARENT)


def test_the_largest_count_of_a_file_is_of_twelve_digits() -> None:
    large = by_sex({A: (999_999_999_000, 999)})

    assert of_rows(rows(large), PARENT) == large
