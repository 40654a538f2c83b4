"""The words an index knows, for mending what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qualipolis.methods.text.retrieve.spelling import Guess, Speller, speller

MOST = 80_000
GROWN = 1.2


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The commonest tokens of an index when it had ``documents``, and the speller made of them."""

    documents: int
    speller: Speller

    @classmethod
    def of(cls, searcher: Any) -> Vocabulary:
        """Read the vocabulary of an index; words that stand in one text alone are not proposed in large indexes."""
        documents = int(searcher.num_docs)
        least = 1 if documents < 5000 else 2
        counts = {word: count for word, count in searcher.terms_with_prefix("text", "", limit=MOST) if count >= least}
        return cls(documents, speller(counts))

    def old(self, documents: int) -> bool:
        """Whether the index has grown or shrunk by a fifth since."""
        return not self.documents / GROWN <= documents <= self.documents * GROWN or documents < 1000

    def guess(self, word: str) -> Guess | None:
        """Return what was likely meant by a word."""
        return self.speller.guess(word)

    def containing(self, mark: str, most: int = 40) -> list[str]:
        """Return the commonest pairs with a character, for a query of one character."""
        pairs = ((count, word) for word, count in self.speller.counts.items() if len(word) == 2 and mark in word)
        return [word for _, word in sorted(pairs, reverse=True)[:most]]
