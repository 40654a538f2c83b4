"""The audit document: it reads, it runs again to the last digit, and whatever is changed in it is found and named."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from qualipolis.lake.audit import audit_document, public_copy, read_audit, rerun, rerun_file
from qualipolis.lake.audit import document as audit_module
from qualipolis.lake.audit.document import CLOSE, OPEN, escaped, seal
from qualipolis.lake.canonical import sha256
from qualipolis.lake.grids import Source
from qualipolis.lake.release import About, Inputs, compute, inputs_of
from qualipolis.methods.composite import DEFAULT_PIPELINE, Alternatives, Framework, IndicatorData, Node, Normalise
from qualipolis.methods.problems import InputError

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e"


def parts(unit: str = "U0", name: str = "甲镇") -> tuple[Framework, IndicatorData]:
    nodes = tuple(Node(f"q{i}", f"Rate {i}", f"指标{i}", "Q", floor=0.0, target=10.0) for i in range(4))
    values = np.random.default_rng(3).uniform(0, 10, (12, 4))
    values[1, 2] = np.nan
    units = (unit, *(f"U{i}" for i in range(1, 12)))
    tree = Framework((*nodes, Node("Q", "Quality", "质量", level=2, kind="aggregate")))
    data = IndicatorData(units, ("q0", "q1", "q2", "q3"), values, names={unit: name})
    return tree, data


def inputs(unit: str = "U0", name: str = "甲镇") -> Inputs:
    return inputs_of(*parts(unit, name), DEFAULT_PIPELINE)


def written(asked: Inputs | None = None, title: str = "Assessment", **more: int) -> bytes:
    assessment = compute(asked or inputs(), replicates=50, seed=4, **more)
    return audit_document(About(title, NOW, "2026-1"), assessment)[1]


@pytest.fixture(scope="module")
def original() -> bytes:
    return written()


def failures(content: bytes) -> str:
    return "\n".join(str(check.detail) for check in rerun(content).found.steps if not check.ok)


def facts_of(content: bytes) -> dict:
    return json.loads(content.split(OPEN)[1].split(CLOSE)[0])


def forged(content: bytes, change: Callable[[dict], object], *, mended: bool = False) -> bytes:
    """Change the facts, and with ``mended`` give files and facts the hashes that a forger would."""
    facts = facts_of(content)
    change(facts)
    if mended:
        for entry in facts["files"].values():
            entry["sha256"] = sha256(entry["text"].encode())
        facts["seal"] = seal(facts)
    before, _, rest = content.partition(OPEN)
    return before + OPEN + escaped(facts) + CLOSE + rest.partition(CLOSE)[2]


def replaced(name: str, old: str, new: str) -> Callable[[dict], object]:
    def change(facts: dict) -> None:
        text = facts["files"][name]["text"]
        assert old in text
        facts["files"][name]["text"] = text.replace(old, new, 1)

    return change


def test_it_runs_again_to_the_last_digit(original: bytes):
    made = rerun(original)
    assert made.found.ok, made.found.first_problem
    assert made.assessment is not None
    assert made.assessment.outputs()["scores.csv"] == made.audit.files["scores.csv"]


def test_the_same_release_gives_the_same_bytes(original: bytes):
    assert written() == original


def test_it_holds_the_inputs_byte_for_byte(original: bytes):
    asked = inputs()
    files = read_audit(original).files
    assert files["inputs/data.csv"] == asked.data.content
    assert files["inputs/meta.csv"] == asked.framework.content
    assert files["inputs/pipeline.toml"] == asked.pipeline.content


def test_a_file_that_is_no_text_survives():
    own = inputs()
    raw = "﻿".encode("utf-16-le") + own.data.content.decode().encode("utf-16-le")
    content = written(Inputs(own.framework, Source("data.csv", raw), own.pipeline))
    assert read_audit(content).files["inputs/data.csv"] == raw
    assert rerun(content).found.ok


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_names_that_hold_markup_stay_text():
    content = written(inputs(EVIL, EVIL), EVIL)
    tags = Tags(content.decode()).tags
    assert [attrs.get("type") for tag, attrs in tags if tag == "script"] == ["application/json"]
    assert not [tag for tag, attrs in tags if tag in ("img", "iframe", "link", "object") or attrs.get("onerror")]
    assert "\u202e" not in content.split(OPEN)[0].decode()
    assert rerun(content).found.ok


def test_nothing_in_it_acts_or_loads(original: bytes):
    page = original.decode()
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert not re.search(r"\son\w+=", page.split(OPEN.decode())[0])


def test_it_says_everything_in_both_languages(original: bytes):
    spans = re.findall(r'<span lang="(zh|en)">', original.decode())
    assert spans.count("zh") == spans.count("en") > 50
    for text in ("怎么算的", "How it was computed", "指标0", "Rate 0", "qualipolis rerun audit-2026-1.html"):
        assert text in original.decode()


def test_one_cell_of_a_result_is_named(original: bytes):
    row = next(
        line for line in read_audit(original).files["scores.csv"].decode().splitlines() if line.startswith("U3,Q")
    )
    found = failures(forged(original, replaced("scores.csv", row, "U3,Q,2,99.5,1")))
    assert "scores.csv in the document was changed" in found
    assert f"says U3, Q, 2, 99.5, 1, but computed again it is {row.replace(',', ', ')}" in found


def test_one_cell_of_a_result_is_named_with_all_hashes_mended(original: bytes):
    row = next(
        line for line in read_audit(original).files["scores.csv"].decode().splitlines() if line.startswith("U3,Q")
    )
    found = failures(forged(original, replaced("scores.csv", row, "U3,Q,2,99.5,1"), mended=True))
    assert "says U3, Q, 2, 99.5, 1" in found


def test_an_input_changed_with_all_hashes_mended_no_longer_gives_the_numbers(original: bytes):
    row = read_audit(original).files["inputs/data.csv"].decode().splitlines()[4]
    found = failures(forged(original, replaced("inputs/data.csv", row, row.rsplit(",", 1)[0] + ",9.75"), mended=True))
    assert "scores.csv" in found
    assert "hash printed in the report" in found


def test_a_rank_changed_on_the_page_is_named(original: bytes):
    page = original.decode()
    score = re.search(r'data-en="Score">(\d+\.\d\d)<', page)
    assert score
    found = failures(page.replace(f">{score[1]}<", ">99.99<", 1).encode())
    assert "page that people read was changed" in found
    assert "99.99" in found and score[1] in found


def test_another_seed_than_the_one_named_is_found(original: bytes):
    found = failures(forged(original, lambda facts: facts["uncertainty"].update(seed=5), mended=True))
    assert "intervals.csv" in found


def test_a_library_of_another_version_is_named_and_the_last_digit_forgiven(original: bytes):
    def older(facts: dict) -> None:
        facts["libraries"]["numpy"] = "1.0"
        facts["page_code"] = "0" * 16

    made = rerun(forged(original, older, mended=True))
    assert made.found.ok, made.found.first_problem
    assert any("numpy 1.0" in str(check.detail) for check in made.found.steps if check.detail)


def test_endless_work_is_refused(original: bytes):
    found = failures(forged(original, lambda facts: facts["uncertainty"].update(replicates=10**9), mended=True))
    assert "at most 100000" in found


HOSTILE = {
    "empty": b"",
    "other": b"<html><body>hello</body></html>",
    "bare": OPEN,
    "no json": OPEN + b"{" + CLOSE,
    "list": OPEN + b"[]" + CLOSE,
    "twice": OPEN + b"{}" + CLOSE + OPEN + b"{}" + CLOSE,
    "deep": OPEN + b"[" * 200_000 + CLOSE,
    "keys twice": OPEN + b'{"format":"qualipolis-audit/1","format":1}' + CLOSE,
    "not a number": OPEN + b'{"format":NaN}' + CLOSE,
    "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + OPEN + b'{"format":"&b;"}' + CLOSE,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_audit_document_is_refused_at_once(content: bytes):
    begun = time.process_time()
    with pytest.raises(InputError):
        read_audit(content)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95, 0.9999])
def test_a_document_that_ends_too_early_is_refused_or_named(original: bytes, part: float):
    try:
        found = failures(original[: int(len(original) * part)])
    except InputError as error:
        found = str(error)
    assert found


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts.update(files=[]),
        lambda facts: facts.update(inputs={"framework": {"file": "/etc/passwd"}}),
        lambda facts: facts.update(counts=None),
        lambda facts: facts.update(number=5),
        lambda facts: facts.update(sensitivity={"rows": "many", "seed": 1}),
        lambda facts: facts.update(comparison={"../x": {"file": "scores.csv"}}),
        lambda facts: facts["files"]["scores.csv"].pop("text"),
        lambda facts: facts["files"]["scores.csv"].update(text=7),
        lambda facts: facts["files"].update({"../out.csv": facts["files"]["scores.csv"]}),
    ],
)
def test_facts_of_another_shape_are_refused(original: bytes, change: Callable[[dict], object]):
    with pytest.raises(InputError):
        read_audit(forged(original, change))


@pytest.mark.parametrize("factors", [5, [{"factor": "weight_noise", "relative": "x"}], [{"factor": "alternatives"}]])
def test_factors_that_are_none_are_named(original: bytes, factors: object):
    assert failures(forged(original, lambda facts: facts["uncertainty"].update(factors=factors), mended=True))


@pytest.mark.parametrize("part", ["counts", "uncertainty", "libraries"])
def test_facts_that_do_not_suffice_for_the_page_are_named(original: bytes, part: str):
    def emptied(facts: dict) -> None:
        kept = {"replicates": 50, "seed": 4} if part == "uncertainty" else {}
        facts[part] = {**kept, "factors": facts["uncertainty"]["factors"]} if kept else kept

    assert failures(forged(original, emptied, mended=True))


def test_a_file_too_large_is_not_even_read(tmp_path: Path):
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    begun = time.process_time()
    with pytest.raises(InputError, match="too large"):
        rerun_file(path)
    assert time.process_time() - begun < 0.5


def test_tables_too_large_for_one_document_are_said_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit_module, "LARGEST_AUDIT", 1000)
    with pytest.raises(InputError, match="too large for one audit document"):
        written()


def test_the_public_copy_has_the_ranks_but_not_the_data(original: bytes):
    shown = public_copy(original, 7).decode()
    row = read_audit(original).files["inputs/data.csv"].decode().splitlines()[3]
    assert row.split(",")[-1] not in shown
    assert "application/json" not in shown
    assert "7 cells are held back" in shown
    assert "怎么算的" in shown
    with pytest.raises(InputError, match="public copy"):
        rerun(shown.encode())


def test_choices_between_whole_steps_run_again_too():
    factors = (Alternatives("normalise", (Normalise("minmax", 1.0, 100.0), Normalise("goalposts", 1.0, 100.0))),)
    assessment = compute(inputs_of(*parts(), DEFAULT_PIPELINE, factors), replicates=20, seed=1)
    content = audit_document(About("Assessment", NOW, "1"), assessment)[1]
    assert rerun(content).found.ok
    assert "each time one of: from the worst to the best unit, from a fixed floor to a target" in content.decode()


def test_sensitivity_and_comparison_run_again_too():
    own = inputs()
    other = Source("z.toml", own.pipeline.content.replace(b'"minmax"', b'"zscore"').split(b"[[factors]]")[0])
    asked = Inputs(own.framework, own.data, own.pipeline, (("z", other),))
    content = written(asked, sensitivity=64)
    made = rerun(content)
    assert made.found.ok, made.found.first_problem
    tables = {"sensitivity.csv", "convergence.csv", "tiers.csv", "comparison.csv", "correlation.csv"}
    assert tables <= set(made.audit.files)
    row = made.audit.files["sensitivity.csv"].decode().splitlines()[1]
    changed = replaced("sensitivity.csv", row, row.split(",")[0] + ",0.5" * row.count(","))
    assert "sensitivity.csv" in failures(forged(content, changed, mended=True))
