"""Sorting a stream of texts: lines of JSON in, lines of JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qualipolis.methods.problems import msg
from qualipolis.methods.text.classify import Classifier, Prediction, explain

LONGEST_LINE = 64 * 2**10
LONGEST_TEXT = 20_000

Read = Callable[[int], bytes]
Answer = dict[str, Any]
Translate = Callable[[str], str]


@dataclass(frozen=True)
class Line:
    """A line as it came: its number from 1, and its bytes, or None where it was longer than may be."""

    number: int
    content: bytes | None


def lines(read: Read, longest: int = LONGEST_LINE, chunk: int = 65_536) -> Iterator[list[Line]]:
    """Yield the lines that came together, as they come; of a line that is too long only its number is kept.

    >>> source = iter([b'{"a', b'":1}\\n{}\\n12345', b"6789\\n{}", b""])
    >>> [[(one.number, one.content) for one in some] for some in lines(lambda size: next(source), longest=8)]
    [[(1, b'{"a":1}'), (2, b'{}')], [(3, None)], [(4, b'{}')]]
    """
    number, held, skipped = 0, b"", False
    while piece := read(chunk):
        found = []
        *whole, rest = piece.split(b"\n")
        for part in whole:
            number += 1
            content = held + part
            found.append(Line(number, None if skipped or len(content) > longest else content))
            held, skipped = b"", False
        held += rest
        if len(held) > longest:
            held, skipped = b"", True
        if found:
            yield found
    if held or skipped:
        yield [Line(number + 1, None if skipped else held)]


def answers(
    model: Classifier, found: Iterable[Line], *, top: int = 3, why: bool = True, translate: Translate = msg
) -> Iterator[Answer]:
    """Yield an answer for each line that is not blank: labels with probabilities, or what is wrong with the line."""
    asked = [_asked(line, translate) for line in found if line.content is None or line.content.strip()]
    texts = [one["text"] for one in asked if "text" in one]
    told = iter(model.predict(texts, top) if texts else ())
    for one in asked:
        yield _answer(model, one, next(told), why) if "text" in one else one


def _asked(line: Line, translate: Translate) -> Answer:
    if line.content is None:
        what = translate(msg("The line is longer than %(most)s bytes."))
        return _bad(line, "too_long", what % {"most": LONGEST_LINE})
    try:
        said = json.loads(line.content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return _bad(line, "no_json", translate(msg("The line is not JSON in UTF-8.")))
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        return _bad(line, "no_text", translate(msg("The line has no field text.")))
    own = said.get("id")
    if isinstance(own, bool) or not isinstance(own, str | int | None) or (isinstance(own, str) and len(own) > 200):
        return _bad(line, "bad_id", translate(msg("The field id is neither a short text nor a whole number.")))
    return {"line": line.number, "id": own, "text": said["text"][:LONGEST_TEXT]}


def _bad(line: Line, code: str, what: str) -> Answer:
    return {"line": line.number, "error": {"code": code, "what": what}}


def _answer(model: Classifier, asked: Answer, told: Prediction, why: bool) -> Answer:
    shares = zip(told.labels, told.probabilities, strict=True)
    answer: Answer = {"line": asked["line"]} if asked["id"] is None else {"id": asked["id"], "line": asked["line"]}
    answer["labels"] = [{"label": label, "probability": round(share, 4)} for label, share in shares]
    answer |= {"uncertain": told.uncertain, "unknown": told.unknown, "known": round(told.known, 3)}
    if why and not told.unknown:
        reasons = explain(model, asked["text"], told.labels[0])
        answer["why"] = [{"word": one.word, "weight": round(one.weight, 3)} for one in reasons.words]
        answer["like"] = [{"text": one.case.text, "label": one.case.label, "likeness": round(one.likeness, 3)}
                          for one in reasons.cases]  # fmt: skip
    return answer
