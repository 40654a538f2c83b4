"""Tickets: one definition, injective, the same in bulk."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws.tickets import canonical, stream, ticket, tickets, uniform, uniforms

LINES = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\n"), max_size=8)


def test_it_is_the_hash_that_the_documentation_says():
    secret = sha256("qualipolis draw 1\nunit\n骰子 4\n东城".encode()).digest()
    assert ticket("骰子 4", "东城", "91441900MA4W0AAA1X") == sha256(secret + b"91441900MA4W0AAA1X").digest()


@given(st.tuples(LINES, LINES, LINES), st.tuples(LINES, LINES, LINES))
def test_it_never_hashes_two_things_as_one(one, other):
    a, b = (ticket("s" + seed, stratum, key) for seed, stratum, key in (one, other))
    assert (a == b) == (one == other)


def test_it_gives_the_same_tickets_in_bulk_whatever_the_container():
    keys = [f"E{k}" for k in range(70_000)]
    bulk = tickets("seed", "A", keys)
    assert bulk[[0, 69_999]].tolist() == [int.from_bytes(ticket("seed", "A", k)[:8], "big") for k in ("E0", "E69999")]
    assert (bulk == tickets("seed", "A", np.array(keys, dtype="S6"))).all()
    assert (bulk == tickets("seed", "A", np.array(keys))).all()


def test_it_turns_a_ticket_into_the_same_number_alone_and_in_bulk():
    digest = ticket("seed", "A", "x")
    words = np.array([int.from_bytes(digest[:8], "big")], dtype=np.uint64)
    assert uniforms(words)[0] == uniform(digest)


def test_it_never_reaches_zero_or_one():
    assert 0 < uniform(bytes(32)) < uniform(b"\xff" * 32) < 1


def test_it_refuses_a_line_break_in_the_seed_or_the_stratum():
    for seed, stratum in (("a\nb", ""), ("a", "x\ny"), ("", "")):
        with pytest.raises(InputError, match="line break"):
            ticket(seed, stratum, "E1")


def test_it_streams_numbers_that_look_even():
    numbers = stream("seed", "A")
    found = np.array([next(numbers) for _ in range(20_000)])
    counts = np.histogram(found, 20, (0, 1))[0]
    assert ((counts - 1000) ** 2 / 1000).sum() < 45


@pytest.mark.parametrize("key", ["e\u0301", " x", "x ", "a\u200bb", "a\nb", ""])
def test_it_refuses_keys_that_look_like_others(key):
    assert not canonical(key)
