"""What the fuzzer found, and the files it began with: each is read or refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.fuzz_factory_files import CORPUS, read

TARGETS = ("table", "aqdef", "pair", "qif", "dcc", "book")
FILES = [path for target in TARGETS for path in sorted((CORPUS / target).iterdir())]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_the_fuzzer_found_is_read_or_refused_in_words(path: Path) -> None:
    assert read(path.parent.name, path.read_bytes()) in (True, False)


@pytest.mark.parametrize("target", TARGETS)
def test_the_corpus_holds_files_that_are_read(target: str) -> None:
    assert any(read(target, path.read_bytes()) for path in (CORPUS / target).iterdir())
