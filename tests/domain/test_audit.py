"""The audit chain: whatever is changed, taken out, put in, swapped or cut off, the place is found."""

from __future__ import annotations

import hashlib

import attrs
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.audit import Link, broken_at, linked
from migrant_fp.domain.manifest import FIRST

BODIES = st.lists(st.binary(max_size=20), min_size=1, max_size=6)


def _chain(bodies: list[bytes]) -> list[Link]:
    links, head = list[Link](), FIRST
    for body in bodies:
        links.append(linked(head, body))
        head = links[-1].digest
    return links


def test_a_link_is_the_sha256_of_the_head_before_it_a_newline_and_its_body() -> None:
    # echo -n '000...0\n{}' | sha256sum, with sixty-four zeros
    assert linked(FIRST, b"{}").digest == hashlib.sha256(b"0" * 64 + b"\n{}").hexdigest()
    assert linked(FIRST, b"{}").digest.startswith("5649d09e")


def test_nothing_is_a_whole_chain() -> None:
    assert broken_at([]) is None
    assert broken_at([], [FIRST]) is None


def test_a_witness_of_an_empty_chain_that_had_links_is_missed_at_once() -> None:
    assert broken_at([], ["1" * 64]) == 1


@given(BODIES)
def test_a_chain_as_it_was_made_is_whole_and_every_head_of_it_a_witness(bodies: list[bytes]) -> None:
    links = _chain(bodies)

    assert broken_at(links, [FIRST, *(link.digest for link in links)]) is None


@given(BODIES, st.data())
def test_a_changed_body_is_found_at_its_place(bodies: list[bytes], data: st.DataObject) -> None:
    links = _chain(bodies)
    place = data.draw(st.integers(1, len(links)))
    links[place - 1] = attrs.evolve(links[place - 1], body=links[place - 1].body + b"!")

    assert broken_at(links) == place


@given(BODIES, st.data())
def test_a_body_changed_with_its_own_digest_made_right_is_found_at_the_next(
    bodies: list[bytes], data: st.DataObject
) -> None:
    links = _chain([*bodies, b"last"])
    place = data.draw(st.integers(1, len(links) - 1))
    links[place - 1] = linked(links[place - 1].previous, links[place - 1].body + b"!")

    assert broken_at(links) == place + 1


@given(BODIES, st.data())
def test_a_link_that_is_taken_out_is_found_where_it_stood(bodies: list[bytes], data: st.DataObject) -> None:
    links = _chain([*bodies, b"last"])
    place = data.draw(st.integers(1, len(links) - 1))
    del links[place - 1]

    assert broken_at(links) == place


@given(BODIES, st.integers(1, 6))
def test_a_cut_end_is_whole_without_a_witness_and_found_with_one(bodies: list[bytes], cut: int) -> None:
    links = _chain(bodies)
    left = links[:-cut]

    assert broken_at(left) is None
    assert broken_at(left, [links[-1].digest]) == len(left) + 1


def test_a_chain_that_was_written_anew_is_found_by_a_witness_of_the_old_one() -> None:
    old, new = _chain([b"a", b"b"]), _chain([b"a", b"B"])

    assert broken_at(new) is None
    assert broken_at(new, [old[0].digest]) is None
    assert broken_at(new, [old[1].digest]) == 3


def test_a_body_is_not_shown() -> None:
    assert "canary" not in repr(linked(FIRST, b"canary-71"))
