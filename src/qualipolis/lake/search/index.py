"""The search index of a city: a folder on disk that many may read while one writes.

Built on tantivy. A folder holds generations; ``current`` names the one that is read. A commit is whole or absent, so that
a process killed at any moment leaves the last commit; a rebuild is made beside the old generation and takes its place in
one step. The index is never the record: it can be thrown away and built again from the rows it was made from.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualipolis.lake.search.asking import Hits, Source, ask
from qualipolis.lake.search.guessing import Vocabulary
from qualipolis.lake.search.schema import Schema
from qualipolis.lake.search.tokens import VERSION, tokens
from qualipolis.methods.problems import InputError, Problem, msg

HEAP = 60_000_000
WAIT = 20.0
CURRENT = "current"
SETTINGS = "settings.json"
MOST_KEY = 200
MOST_VALUES = 64


@dataclass(frozen=True)
class Document:
    """One thing that can be found: its key, its text, and the values it can be filtered by.

    A value is a string or several strings for a field of codes, an integer or a date for a field of numbers.
    """

    key: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Index:
    """A search index in a folder; made by :meth:`create` or :meth:`open`."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        self.folder = folder
        self.schema = schema
        self._lock = threading.Lock()
        self._seen: tuple[str, int] | None = None
        self._open: Any = None
        self._vocabulary: Vocabulary | None = None

    @classmethod
    def create(cls, folder: Path | str, codes: Sequence[str] = (), numbers: Sequence[str] = (), *, anew: bool = False
               ) -> Index:  # fmt: skip
        """Make an empty index whose documents can be filtered by ``codes`` (equal) and ``numbers`` (from, to; dates too).

        An index that is there already is opened when its fields are the same and refused otherwise; with ``anew`` an
        empty one takes its place, also of one that cannot be read.
        """
        place, schema = Path(folder), Schema(tuple(codes), tuple(numbers))
        if (place / SETTINGS).exists() and not anew:
            made = cls.open(place)
            if made.schema != schema:
                what = msg("An index with other fields is in the folder.")
                raise InputError([Problem("index_fields", what, msg("Take another folder or rebuild the index."))])
            return made
        place.mkdir(parents=True, exist_ok=True)
        made = cls(place, schema)
        made._generation(_new_name())
        _write(place / SETTINGS, json.dumps({"version": VERSION, "codes": codes, "numbers": numbers}))
        return made

    @classmethod
    def open(cls, folder: Path | str) -> Index:
        """Open the index in ``folder``; an ``InputError`` says what to do where there is none that can be read."""
        place = Path(folder)
        try:
            told = json.loads((place / SETTINGS).read_text("utf-8"))
            made = cls(place, Schema(tuple(told["codes"]), tuple(told["numbers"])))
            if told["version"] != VERSION:
                raise ValueError(told["version"])
            made._reader()
        except (OSError, ValueError, KeyError, TypeError) as error:
            what = msg("There is no search index that can be read in the folder.")
            raise InputError(
                [Problem("index_unreadable", what, msg("Build the index again from its records."))]
            ) from error
        return made

    def __len__(self) -> int:
        return int(self._reader().num_docs)

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents, each in the place of the one with its key; all of them are found afterwards, or none.

        Returns how many were given. Waits up to twenty seconds while another process writes.
        """
        with self._writing() as writer:
            number = 0
            for one in documents:
                writer.delete_documents_by_term("key", one.key)
                writer.add_document(self._made(one))
                number += 1
        return number

    def delete(self, key: str, *more: str) -> None:
        """Take the documents with these keys out; a key that is not there is no error."""
        with self._writing() as writer:
            for one in (key, *more):
                writer.delete_documents_by_term("key", one)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Build the whole index anew from documents of different keys; readers see the old one until it is done.

        Who wants to add meanwhile waits, and is told to try again when it takes long: nothing added is lost.
        """
        name = _new_name()
        with self._writing():
            try:
                with _lent(_writer(_made_at(self.folder / name, self.schema))) as writer:
                    number = 0
                    for one in documents:
                        writer.add_document(self._made(one))
                        number += 1
            except BaseException:
                shutil.rmtree(self.folder / name, ignore_errors=True)
                raise
            old = self._name()
            _write(self.folder / CURRENT, name)
        for place in self.folder.iterdir():
            if place.is_dir() and place.name.startswith("g-") and (place.name == old or _stale(place, name)):
                shutil.rmtree(place, ignore_errors=True)
        return number

    def search(self, query: str, filters: Mapping[str, Any] | None = None, top: int = 10, offset: int = 0,
               mend: bool = True) -> Hits:  # fmt: skip
        """Return the best ``top`` documents from ``offset`` on; see :func:`qualipolis.lake.search.asking.ask`.

        ``filters`` are ``{"kind": "case"}``, ``{"town": ["A", "B"]}`` or ``{"day": (from, to)}`` with None for an open end.
        With ``mend``, a query that finds nothing is tried again as it may have been meant, and the answer says so.
        """
        searcher = self._reader()
        source = Source(searcher, self.schema, self._open.schema, self._words if mend else None)
        return ask(source, query, filters or {}, (top, offset))

    def warm(self) -> None:
        """Read the words for mending now, which takes a second or two in a large index, and not at the first query."""
        self._words()

    def _words(self) -> Vocabulary:
        searcher = self._reader()
        if self._vocabulary is None or self._vocabulary.old(int(searcher.num_docs)):
            self._vocabulary = Vocabulary.of(searcher)
        return self._vocabulary

    def _made(self, one: Document) -> Any:
        import tantivy

        if not one.key or len(one.key) > MOST_KEY:
            what = msg("The key of a document for the search index is empty or too long.")
            raise InputError([Problem("index_key", what, msg("Give a key of 1 to 200 characters."))])
        made = tantivy.Document()
        made.add_text("key", one.key)
        made.add_text("text", " ".join(tokens(one.text)))
        for name, value in one.values.items():
            self.schema.add(made, name, value, MOST_VALUES)
        return made

    def _name(self) -> str:
        return (self.folder / CURRENT).read_text("utf-8").strip()

    def _reader(self) -> Any:
        """Return a searcher of the last commit; looks whether there is a newer one."""
        name = self._name()
        seen = (name, (self.folder / name / "meta.json").stat().st_mtime_ns)
        with self._lock:
            if self._seen is None or seen[0] != self._seen[0]:
                self._open, self._vocabulary = _opened(self.folder / name, self.schema), None
            elif seen != self._seen:
                self._open.reload()
            self._seen = seen
            return self._open.searcher()

    def _generation(self, name: str) -> None:
        _made_at(self.folder / name, self.schema)
        _write(self.folder / CURRENT, name)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Any]:
        """Lend the one writer of the generation that is read, also when another takes its place while we wait."""
        while True:
            name = self._name()
            try:
                writer = _writer(_opened(self.folder / name, self.schema))
            except (InputError, ValueError, OSError):
                if name == self._name():
                    raise
                continue
            if name == self._name():
                break
        with _lent(writer):
            yield writer


@contextlib.contextmanager
def _lent(writer: Any) -> Iterator[Any]:
    """Lend a writer: commits when the block ends well, leaves the last commit otherwise."""
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        with contextlib.suppress(ValueError):
            writer.wait_merging_threads()


def _writer(made: Any) -> Any:
    end = time.monotonic() + WAIT
    while True:
        try:
            return made.writer(HEAP, 1)
        except ValueError as error:
            if time.monotonic() > end or "lock" not in str(error).lower():
                what = msg("Another process is writing the search index.")
                raise InputError([Problem("index_busy", what, msg("Try again in a minute."))]) from error
            time.sleep(0.05)


def _opened(place: Path, schema: Schema) -> Any:
    import tantivy

    made = tantivy.Index.open(str(place))
    made.config_reader("Manual", 0)
    schema.register(made)
    return made


def _made_at(place: Path, schema: Schema) -> Any:
    import tantivy

    place.mkdir(parents=True)
    made = tantivy.Index(schema.built(), path=str(place))
    made.config_reader("Manual", 0)
    schema.register(made)
    return made


def _new_name() -> str:
    return f"g-{uuid.uuid4().hex[:12]}"


def _stale(place: Path, current: str) -> bool:
    """Whether a generation was left by a process that died: an hour old and not the one that is read."""
    return place.name != current and time.time() - place.stat().st_mtime > 3600


def _write(place: Path, text: str) -> None:
    beside = place.with_name(f"{place.name}.{uuid.uuid4().hex[:8]}")
    beside.write_text(text, "utf-8")
    beside.replace(place)
