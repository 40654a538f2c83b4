"""Items of a report: what was typed is read, judged by its rule, and kept; the verdict of the sample follows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qualipolis.city.supervise.models import RuleItem, Sample, TestItem, TestReport
from qualipolis.lake.cells import BLANKS, number
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.conformity import Decision, Limits, Measured, decide, decide_words

_HALF = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}
_SIGNS = {"<": "<", ">": ">", "﹤": "<", "﹥": ">"}
_NOT_DETECTED = re.compile(r"(?:未检出|nd|n\.d\.|not detected)\s*\(?\s*(?P<bound><?.*?)\)?", re.IGNORECASE)
YES = {"符合", "合格", "是", "yes", "y", "pass", "conforms", "true", "1"}
NO = {"不符合", "不合格", "否", "no", "n", "fail", "false", "0"}
NOT_TESTED = {"未检", "不检", "not tested", "not_tested"}


@dataclass(frozen=True)
class Entry:
    """What was written for one item, as text: nothing is taken for a number before it is read as one.

    Parameters
    ----------
    value : a number, a bound such as ``<0.05``, or for a requirement in words what was seen
    uncertainty, k : expanded uncertainty and its coverage factor, empty when not given
    conforms : for a requirement in words: whether it is met; or "not_tested" for any item, with the reason in ``value``
    """

    value: str = ""
    uncertainty: str = ""
    k: str = ""
    conforms: str = ""


@dataclass(frozen=True)
class Read:
    """An entry that was understood."""

    measured: float | None = None
    censored: str = ""
    observed: str = ""
    uncertainty: float | None = None
    k: float = 2.0
    choice: str = ""


def read_entry(entry: Entry, numeric: bool, place: str = "") -> tuple[Read, list[Problem]]:
    """Read one entry; every part that cannot be read is a problem with its field (``place`` and the name of the part).

    >>> read_entry(Entry("<0.05", "0.01"), numeric=True)[0].censored
    '<'
    >>> read_entry(Entry("about 5"), numeric=True)[1][0].code
    'not_a_number'
    """
    choice = _choice(entry.conforms)
    wrong = []
    if choice is None:
        what, remedy = msg("“%(text)s” is neither yes nor no."), msg("Write yes or no.")
        wrong.append(Problem("unknown_choice", what, remedy, {"text": entry.conforms[:40]}, f"{place}conforms"))
    uncertainty = _number(entry.uncertainty, f"{place}uncertainty", wrong)
    k = _number(entry.k, f"{place}k", wrong)
    if uncertainty is not None and uncertainty < 0:
        wrong.append(
            Problem("bad_uncertainty", msg("The uncertainty may not be below 0."), place=f"{place}uncertainty")
        )
    if k is not None and not k > 0:
        wrong.append(Problem("bad_k", msg("The coverage factor must be above 0."), place=f"{place}k"))
    text = entry.value.strip(BLANKS)[:200]
    shared = {"uncertainty": uncertainty, "k": 2.0 if k is None else k, "choice": choice or ""}
    if choice == "not_tested":
        if not text:
            what = msg("Say why the item was not tested.")
            wrong.append(Problem("no_reason", what, place=f"{place}value"))
        return Read(observed=text, choice=choice), wrong
    if not numeric:
        return Read(observed=text, **shared), wrong
    measured, censored = read_value(text, f"{place}value", wrong)
    return Read(measured, censored, "", **shared), wrong


def read_value(text: str, place: str, wrong: list[Problem]) -> tuple[float | None, str]:
    """Return a measured value, or a bound with its sign; "not detected" needs the limit below which it lies.

    >>> found = []
    >>> read_value("＜０．０５", "", found), read_value("未检出(<0.02)", "", found), found
    ((0.05, '<'), (0.02, '<'), [])
    >>> read_value("ND", "", found), found[0].code
    ((None, ''), 'no_bound')
    """
    plain = text.translate(_HALF).strip(BLANKS)
    hit = _NOT_DETECTED.fullmatch(plain)
    if hit:
        bound = hit["bound"].strip(" <()")
        if not bound:
            what, remedy = msg("“%(text)s” does not say the limit of detection."), msg("Write it as < and the limit.")
            wrong.append(Problem("no_bound", what, remedy, {"text": text}, place))
            return None, ""
        return _number(bound, place, wrong), "<"
    sign = _SIGNS.get(plain[:1], "")
    value = _number(plain[1:] if sign else plain, place, wrong)
    return value, sign if value is not None else ""


def _number(text: str, place: str, wrong: list[Problem]) -> float | None:
    try:
        return number(text.strip(BLANKS), place=place)
    except InputError as error:
        wrong += error.problems
        return None


def _choice(text: str) -> str | None:
    plain = text.translate(_HALF).strip(BLANKS).lower()
    if plain in NOT_TESTED:
        return "not_tested"
    return "pass" if plain in YES else "fail" if plain in NO else "" if not plain else None


def numeric(item: TestItem | RuleItem) -> bool:
    """Whether an item is decided by limits."""
    return item.lower is not None or item.upper is not None


def judge(item: TestItem) -> Decision:
    """Return the decision on an item as it stands in the row; the same row always gives the same decision."""
    if item.outcome == TestItem.Outcome.NOT_TESTED:
        return Decision(None, msg("Not tested: %(reason)s"), {"reason": item.observed})
    if not numeric(item):
        said = {TestItem.Outcome.PASS: True, TestItem.Outcome.FAIL: False}
        return decide_words(item.requirement, said.get(item.outcome))  # type: ignore[call-overload]
    if item.measured is None:
        return Decision(None, msg("There is no value yet."))
    measured = Measured(item.measured, item.censored, item.uncertainty, item.coverage_factor)  # type: ignore[arg-type]
    return decide(measured, Limits(item.lower, item.upper), item.decision)  # type: ignore[arg-type]


def write(item: TestItem, read: Read) -> None:
    """Put what was read into the row with its outcome and the reason; saving is the caller's."""
    item.measured, item.censored, item.observed = read.measured, read.censored, read.observed
    item.uncertainty, item.coverage_factor, item.outcome = read.uncertainty, read.k, ""
    if read.choice == "not_tested":
        item.outcome, item.why = TestItem.Outcome.NOT_TESTED, read.observed
        return
    if not numeric(item):
        item.outcome = read.choice
    found = judge(item)
    item.outcome, item.why = found.outcome or "", (found.why % found.params)[:400]


def make_items(report: TestReport, rows: Iterable[RuleItem]) -> None:
    """Give a new report its items, with the limits as the detailed rules have them today."""
    TestItem.objects.bulk_create(
        TestItem(
            report=report, rule_item=one, position=one.position, name_zh=one.name_zh, name_en=one.name_en,
            unit=one.unit, lower=one.lower, upper=one.upper, requirement=one.requirement, clause=one.clause,
            method=one.method, safety=one.safety, decision=one.decision,
        )
        for one in rows
    )  # fmt: skip


def copy_items(source: TestReport, target: TestReport) -> None:
    """Give a new version the items of the one before, with their values."""
    for item in source.items.all():
        item.pk, item.report = None, target
        item._state.adding = True
        item.save()


def items_of_rule(sample: Sample) -> list[RuleItem]:
    """Return what is to be tested of a sample."""
    return list(sample.task.campaign.rule.items.all())
