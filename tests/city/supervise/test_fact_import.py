"""Older results come in whole or not at all, every bad cell named with its place, and count like all others."""

from __future__ import annotations

from datetime import date

import pytest
from tests.city.supervise.cast import make_task

from qualipolis.city.core.models import Event
from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import ResultFact, StratumSize
from qualipolis.city.supervise.statistics import rates
from qualipolis.city.supervise.statistics.fact_import import read
from qualipolis.methods.problems import InputError

HEAD = "抽样单编号,抽样日期,抽查类型,镇街代码,结果,产品种类,不合格项目,检验项目,层,层内单位数,权重"


def table(*rows):
    return "\n".join([HEAD, *(padded(row) for row in rows)]).encode()


def padded(row):
    return row + "," * (HEAD.count(",") - row.count(","))


GOOD = table(
    "A1,2019-03-01,随机,T1,合格,童装,,甲醛含量;pH值,纺织/大,30,15",
    "A2,2019年3月2日,随机,T2,不合格,童装,甲醛含量,pH值,纺织/大,30,15",
    "A3,2019/3/3,风险,T1,无法检验,童装,,,,,",
    "A4,20190304,random,T1,refused,,,,,,",
)


def codes(data):
    with pytest.raises(InputError) as caught:
        found = read(data, "old.csv")
        raise InputError(found.problems)
    return [(one.code, str(one.place)) for one in caught.value.problems]


def test_it_takes_older_results_in_and_counts_them(cast):
    assert service.import_facts(cast["planner"], None, GOOD, "old.csv") == {"rows": 4, "new": 4}
    found = rates.rate_of(rates.rows(years=[2019]), "random", 2019).parts
    assert (found.passed, found.n) == (1, 2) and rates.refused(rates.rows(purpose="random")).part == 1
    fact = ResultFact.objects.get(number="A2")
    assert {(one.name, one.failed) for one in fact.items.all()} == {("甲醛含量", True), ("pH值", False)}
    assert (fact.weight, fact.sampled_on) == (15, date(2019, 3, 2)) and StratumSize.objects.get().units == 30
    assert SourceRecord.objects.get(number="A3").outcome == "untestable" and rates.differences(2019) == []
    assert '"rows":4' in Event.objects.get(verb="supervise.import_facts").payload


def test_the_same_table_twice_is_the_same_table(cast):
    service.import_facts(cast["planner"], None, GOOD, "old.csv")
    assert service.import_facts(cast["planner"], None, GOOD, "old.csv") == {"rows": 4, "new": 0}
    assert ResultFact.objects.count() == SourceRecord.objects.count() == 4


def test_one_bad_cell_keeps_everything_out(cast):
    with pytest.raises(InputError):
        service.import_facts(
            cast["planner"], None, GOOD + f"\n{padded('A5,2019-02-30,随机,T1,pass')}".encode(), "old.csv"
        )
    assert not ResultFact.objects.exists() and not SourceRecord.objects.exists()


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("B1,2019-02-30,随机,T1,合格", "bad_day", "B (抽样日期)"),
        ("B1,2099-01-01,随机,T1,合格", "ahead", "B (抽样日期)"),
        ("B1,2019-01-01,随便,T1,合格", "unknown_word", "C (抽查类型)"),
        ("B1,2019-01-01,随机,T9,合格", "unknown_code", "D (镇街代码)"),
        ("B1,2019-01-01,随机,T1,待定", "unknown_word", "E (结果)"),
        ("B1,2019-01-01,随机,T1,合格,,甲醛含量", "items", "G (不合格项目)"),
        ("B1,2019-01-01,随机,T1,合格,,,,,12", "no_stratum", "J (层内单位数)"),
        ("B1,2019-01-01,随机,T1,合格,,,,甲,31.5", "bad_amount", "J (层内单位数)"),
        ("B1,2019-01-01,随机,T1,合格,,,,甲,31,0.2", "bad_amount", "K (权重)"),
        (",2019-01-01,随机,T1,合格", "bad_number", "A (抽样单编号)"),
        ("A1,2019-01-01,随机,T1,合格", "repeated", "A (抽样单编号)"),
    ],
)
def test_each_bad_cell_is_named_with_its_place(cast, row, code, column):
    found = codes(GOOD + f"\n{padded(row)}".encode())
    assert found == [(code, f"old.csv, row 6, column {column}")]


def test_a_stratum_has_one_size(cast):
    assert codes(GOOD + f"\n{padded('B1,2019-01-01,随机,T1,合格,,,,纺织/大,31,2')}".encode())[0][0] == "two_sizes"


def test_a_task_of_the_workflow_is_not_overwritten(cast):
    task = make_task(cast, status="completed")
    assert codes(table(f"{task.number},2019-01-01,随机,T1,合格"))[0][0] == "of_workflow"


@pytest.mark.parametrize("data", [b"", HEAD.encode(), b"x,y\n1,2", "抽样单编号,抽样日期\nA,2019-01-01".encode()])
def test_what_is_no_such_table_is_refused(cast, data):
    with pytest.raises(InputError):
        read(data, "old.csv")


def test_only_the_planner_takes_results_in(cast):
    from django.core.exceptions import PermissionDenied

    for role in ("department", "inspector", "leader", "enterprise", "laboratory"):
        with pytest.raises(PermissionDenied):
            service.import_facts(cast[role], None, GOOD, "old.csv")


@pytest.mark.parametrize(("failed", "n", "rate"), [(97, 1951, 4.97), (379, 4953, 7.65)])
def test_the_rates_of_real_notices_come_out(cast, failed, n, rate):
    """The batches of a real city's notices of 2020 and 2022, as they would be taken in."""
    outcome = ("不合格", "合格")
    rows = (f"N{k},2020-06-01,随机,T{1 + k % 2},{outcome[k >= failed]}" for k in range(n))
    service.import_facts(cast["planner"], None, table(*rows), "notice.csv")
    found = rates.rate_of(rates.rows(), "random", 2020).parts
    assert (found.failed, found.n) == (failed, n) and round(100 * found.failed / found.n, 2) == rate
    assert SourceRecord.objects.filter(purpose="random", outcome="fail").count() == failed
