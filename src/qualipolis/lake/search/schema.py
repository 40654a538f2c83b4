"""The fields of a search index: the key, the text, and what can be filtered."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qualipolis.methods.problems import InputError, Problem, msg

OWN = ("key", "text")
LONGEST_CODE = 200


@dataclass(frozen=True)
class Schema:
    """Which fields can be filtered: ``codes`` by equality, ``numbers`` (and dates) by range."""

    codes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [*OWN, *self.codes, *self.numbers]
        wrong = [name for name in names if not name.isidentifier() or names.count(name) > 1]
        if wrong:
            what = msg("These cannot be fields of a search index: %(names)s.")
            remedy = msg("Give each field one plain name that is neither key nor text.")
            raise InputError([Problem("index_field", what, remedy, {"names": ", ".join(sorted(set(wrong)))})])

    def built(self) -> Any:
        """Return tantivy's schema: no positions; frequencies kept, without which it cannot leave out hopeless texts."""
        import tantivy

        made = tantivy.SchemaBuilder()
        made.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
        made.add_text_field("text", tokenizer_name="spaces", index_option="freq")
        for name in self.codes:
            made.add_text_field(name, tokenizer_name="raw", index_option="basic")
        for name in self.numbers:
            made.add_integer_field(name, indexed=True, fast=True)
        return made.build()

    def register(self, index: Any) -> None:
        """Tell an opened index how its text was cut: at spaces, for it comes as tokens."""
        import tantivy

        cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("spaces", cut)

    def add(self, document: Any, name: str, value: Any, most: int) -> None:
        """Put the value of one field into a document; None is no value."""
        if value is None:
            return
        if name in self.codes:
            many = [value] if isinstance(value, str) else list(value)[:most]
            for one in many:
                document.add_text(name, str(one)[:LONGEST_CODE])
        elif name in self.numbers:
            document.add_integer(name, _number(name, value))
        else:
            raise _unknown(name)

    def queries(self, schema: Any, filters: Mapping[str, Any]) -> list[Any]:
        """Return one tantivy query for each filter; an empty choice matches nothing."""
        return [self._query(schema, name, value) for name, value in filters.items() if value is not None]

    def _query(self, schema: Any, name: str, value: Any) -> Any:
        import tantivy

        if name in self.codes:
            many = [value] if isinstance(value, str) else [str(one) for one in value]
            if not many:
                return tantivy.Query.empty_query()
            if len(many) == 1:
                return tantivy.Query.term_query(schema, name, many[0][:LONGEST_CODE], "basic")
            return tantivy.Query.term_set_query(schema, name, [one[:LONGEST_CODE] for one in many])
        if name not in self.numbers:
            raise _unknown(name)
        low, high = value if isinstance(value, tuple | list) else (value, value)
        if low is None and high is None:
            return tantivy.Query.all_query()
        ends = [None if one is None else _number(name, one) for one in (low, high)]
        return tantivy.Query.range_query(schema, name, tantivy.FieldType.Integer, *ends)


def _number(name: str, value: Any) -> int:
    if isinstance(value, datetime.date):
        return value.toordinal()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62:
        return value
    what = msg("The field %(name)s of the search index takes whole numbers and dates.")
    raise InputError([Problem("index_value", what, msg("Give a whole number or a date."), {"name": name})])


def _unknown(name: str) -> InputError:
    what = msg("The search index has no field %(name)s.")
    return InputError([Problem("index_field", what, msg("Take one of the fields it was made with."), {"name": name})])
