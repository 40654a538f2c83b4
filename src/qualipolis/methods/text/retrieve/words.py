"""The words two texts share, for telling a person why one was found for the other."""

from __future__ import annotations

from collections.abc import Iterator

from qualipolis.methods.text.normalise import plain

LONGEST = 12


def shared(first: str, second: str, most: int = 3) -> tuple[str, ...]:
    """Return the longest runs of two characters or more that stand in both texts, one after another; twelve are told.

    >>> shared("洗过三次以后褪色，客户退货", "水洗后严重褪色，全部退货")
    ('褪色', '退货')
    """
    one, other = plain(first), plain(second)
    there = set(_latin(other))
    found = [word for word in dict.fromkeys(_latin(one)) if word in there]
    found += [run for run in dict.fromkeys(_runs(one, other)) if len(run) > 1]
    best = sorted(found, key=len, reverse=True)[:most]
    return tuple(sorted((run[:LONGEST] for run in best), key=one.find))


def _latin(text: str) -> list[str]:
    return [word for word in text.split() if word.isascii() and len(word) > 2 and not word.isdigit()]


def _runs(text: str, other: str) -> Iterator[str]:
    """Yield the runs of words that are not Latin which stand in ``other``, each as long as it goes, one after another."""
    for word in text.split():
        at = 0 if not word.isascii() else len(word)
        while at < len(word):
            size = 1
            while at + size < len(word) and word[at : at + size + 1] in other:
                size += 1
            if size > 1:
                yield word[at : at + size]
            at += size
