"""The words of results: what a sample may say, and what it never says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.acceptance import VERDICTS, declared_plan, lot_verdict, supervision_verdict
from qualipolis.methods.sampling.acceptance.wording import FORBIDDEN

SOURCE = Path(__file__).resolve().parents[4] / "src" / "qualipolis"
CATALOGUE = SOURCE / "methods" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def chinese():
    with CATALOGUE.open("rb") as file:
        words = {message.id: message.string for message in read_po(file)}
    return lambda text: words[text]


def test_no_verdict_praises_what_was_not_inspected(chinese):
    for verdict in VERDICTS:
        for said in (verdict.text(), verdict.text(chinese)):
            assert said and not FORBIDDEN.search(said), said


@pytest.mark.parametrize("praise", ["产品合格", "判合格", "The lot is qualified.", "It passed.", "a certified lot"])
def test_the_guard_sees_praise(praise):
    assert FORBIDDEN.search(praise)


@pytest.mark.parametrize("plain", ["判不合格", "未发现不合格", "judged nonconforming", "unqualified"])
def test_the_guard_lets_the_standards_words_stand(plain):
    assert not FORBIDDEN.search(plain)


def test_no_message_of_the_package_praises_either(chinese):
    texts = (SOURCE / "methods" / "sampling" / "acceptance").glob("*.py")
    marked = re.compile(r'msg\(\s*((?:"[^"]*"\s*)+)\)')
    for path in texts:
        for found in marked.findall(path.read_text(encoding="utf-8")):
            identifier = "".join(re.findall(r'"([^"]*)"', found))
            assert not FORBIDDEN.search(chinese(identifier)), identifier


def test_the_words_follow_the_count(chinese):
    assert supervision_verdict(0).text(chinese).startswith("所检样本未发现不合格")
    assert supervision_verdict(1, 2).code == "not_found_nonconforming"
    assert supervision_verdict(3, 2).text(chinese).startswith("判监督总体不合格")
    assert [lot_verdict(accepted).code for accepted in (True, False)] == ["lot_accepted", "lot_not_accepted"]
    plan = declared_plan(0.01, 1)
    assert [plan.judge(d).code for d in (1, 2)] == ["not_contradicted", "contradicted"]
    with pytest.raises(InputError):
        supervision_verdict(-1)
