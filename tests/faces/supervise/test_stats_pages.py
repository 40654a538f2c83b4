"""The pages of the statistics of supervision: what they say, to whom, in both languages, with their lists."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.city.supervise.counted import make_counted
from tests.city.supervise.test_fact_import import GOOD
from tests.city.supervise.test_figures import plan_with_lines
from tests.faces.measure_desk import as_

from qualipolis.city.core.models import City
from qualipolis.city.supervise.models import ResultFact, ResultRevision
from qualipolis.city.supervise.statistics import lists as fact_lists
from qualipolis.city.supervise.statistics import rates

PAGES = ("stats", "stats_domains", "stats_towns", "stats_items", "stats_risk", "stats_follow", "stats_revisions")
INSIDE = ("leader", "planner", "department", "town_officer", "inspector", "auditor", "admin", "expert")


@pytest.fixture
def counted(cast):
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    make_counted(cast)
    return cast


def url(name, *args):
    return reverse(f"desk:supervise_{name}", args=args)


def text(cast, role, path, language="en"):
    client = as_(cast, role)
    client.cookies["qualipolis_language"] = language
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_with_and_without_figures(cast, name, language):
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    text(cast, "planner", url(name), language)
    make_counted(cast)
    shown = text(cast, "planner", url(name), language)
    assert "<h1>" in shown and " style=" not in shown


@pytest.mark.parametrize("role", INSIDE)
def test_everyone_inside_sees_the_rates(counted, role):
    assert as_(counted, role).get(url("stats")).status_code == 200


@pytest.mark.parametrize("role", ["laboratory", "enterprise"])
def test_nobody_outside_does(counted, role):
    assert {as_(counted, role).get(url(name)).status_code for name in (*PAGES, "stats_effects")} == {403}


@pytest.mark.parametrize("role", INSIDE)
def test_only_overseers_see_laboratories_and_inspectors(counted, role):
    expected = 200 if role in fact_lists.OVERSEERS else 403
    assert as_(counted, role).get(url("stats_effects")).status_code == expected
    listed = as_(counted, role).get(reverse("report:list", args=["supervise-effects", "csv"]))
    assert listed.status_code == expected
    shown = as_(counted, role).get(url("stats")).content.decode()
    assert (url("stats_effects") in shown) == (expected == 200)


def test_the_page_of_effects_says_that_they_enter_no_risk(counted):
    assert "never enter the risk of a firm" in text(counted, "leader", url("stats_effects"))


def test_the_page_and_the_law_say_the_same_rate(counted):
    law = rates.rate_of(rates.rows(), "risk", 2021).parts
    shown = text(counted, "planner", f"{url('stats_risk')}?year=2021")
    assert f"{law.failed} of {law.n} targeted batches were nonconforming" in shown


def test_the_market_is_told_with_its_interval_and_what_is_open(counted):
    shown = text(counted, "planner", url("stats"))
    assert "of the market (95% interval" in shown and "provisional" in shown and "still open" in shown


def test_without_weights_it_says_that_it_describes_the_batches(counted):
    ResultFact.objects.update(weight=None)
    shown = text(counted, "planner", url("stats"))
    assert "This describes the batches, not the market." in shown and "unweighted" in shown.lower()


def test_targeted_batches_never_appear_as_the_market(counted):
    shown = text(counted, "planner", f"{url('stats')}?purpose=risk")
    assert "not the market" in shown and "of the market (95% interval" not in shown


def test_a_town_outside_is_named_without_a_verdict(counted):
    ResultFact.objects.filter(year=2021, purpose="random", unit__code="T2", status="final").update(verdict="fail")
    shown = text(counted, "planner", url("stats_towns"))
    assert "Outside the 99.8 % limits: Town 2, Town 1." in shown and "a reason to look, not a verdict" in shown


def test_rows_changed_by_hand_are_told(counted):
    ResultFact.objects.filter(number="S2021-001").update(status="voided", verdict="")
    assert "S2021-001" in text(counted, "planner", url("stats"))


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("supervise-years", "Year"), ("supervise-domains", "Domain"), ("supervise-funnel", "Code"),
        ("supervise-items", "Item"), ("supervise-effects", "Kind"), ("supervise-follow", "Year"),
        ("supervise-revisions", "On"), ("supervise-facts", "Number"),
    ],
)  # fmt: skip
def test_every_list_can_be_taken_along(counted, name, head):
    client = as_(counted, "planner")
    answer = client.get(
        reverse("report:list", args=[name, "csv"]) + "?year=2021&purpose=random&by=cluster",
        headers={"accept-language": "en"},
    )
    data = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert answer.status_code == 200 and data.startswith(head)


def test_a_town_officer_takes_only_its_own_batches_along(counted):
    frame = fact_lists.facts_frame(counted["town_officer"], {"year": "2021"})
    every = fact_lists.facts_frame(counted["planner"], {"year": "2021"})
    assert 0 < frame.height < every.height
    assert fact_lists.facts_frame(counted["laboratory"], {"year": "2021"}).height == 0


def test_the_filters_go_along_in_words(counted):
    words = fact_lists._by_kind({"year": "2020", "purpose": "random", "by": "cluster"})
    assert "2020" in words[0] and len(words) == 3


def test_a_plan_tells_what_it_can_before_it_is_approved(counted):
    plan = plan_with_lines(counted)
    shown = text(counted, "planner", url("stats_power", plan.pk))
    assert "All 360 random batches together" in shown and "380,000" in shown and "points" in shown
    assert as_(counted, "laboratory").get(url("stats_power", plan.pk)).status_code == 403
    assert as_(counted, "planner").get(url("stats_power", plan.pk + 1)).status_code == 404


def sent(cast, data, do):
    file = SimpleUploadedFile("old.csv", data)
    return as_(cast, "planner").post(url("stats_import"), {"file": file, "do": do}, headers={"accept-language": "en"})


def test_a_table_is_checked_without_being_taken_and_then_taken_in(counted):
    before = ResultFact.objects.count()
    shown = sent(counted, GOOD, "check").content.decode()
    assert "4 rows can be taken in" in shown and ResultFact.objects.count() == before
    assert sent(counted, GOOD, "import").status_code == 302 and ResultFact.objects.count() == before + 4


def test_a_table_with_a_problem_is_refused_with_its_place(counted):
    answer = sent(counted, GOOD.replace("合格,童装".encode(), "好,童装".encode(), 1), "import")
    assert answer.status_code == 400 and "好 is not known" in answer.content.decode()
    assert "row 2, column E" in answer.content.decode()


def test_the_template_can_be_taken_in_as_it_is_but_for_its_codes(counted):
    from qualipolis.lake.tables import read_table

    answer = as_(counted, "planner").get(url("stats_template"), headers={"accept-language": "zh-hans"})
    table = read_table(b"".join(answer.streaming_content), name="t.xlsx")
    assert "抽样单编号" in table.columns and len(table) == 2


def test_revisions_keep_both_figures(counted):
    from tests.city.supervise.cast import make_result

    told = {"purpose": "random", "before": [56, 60], "after": [57, 60]}
    found = make_result(counted, status="final")
    ResultRevision.objects.create(result=found, was="fail", now="pass", period="2021", reason="复检", rates=told)
    shown = text(counted, "planner", url("stats_revisions"))
    assert "93.33 (56/60)" in shown and "95.00 (57/60)" in shown and "复检" in shown


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_public_sees_random_sampling_only_and_no_laboratory(counted, client, language):
    shown = client.get("/supervision/statistics/", headers={"accept-language": language, "host": "localhost"})
    page = shown.content.decode()
    assert shown.status_code == 200 and " style=" not in page and "2021" in page
    assert counted.laboratory.name_zh not in page and "C-inspector" not in page
    assert not any(firm.name_zh in page for firm in counted.firms)


def test_the_public_page_says_when_nothing_is_counted(cast, client):
    shown = client.get("/supervision/statistics/", headers={"accept-language": "en", "host": "localhost"})
    assert shown.status_code == 200 and "No result is final yet" in shown.content.decode()


def test_the_public_sees_what_was_revised_without_the_firm(counted, client):
    from tests.city.supervise.cast import make_result

    told = {"purpose": "random", "before": [56, 60], "after": [57, 60], "changes": [{"id": "S2021-004"}]}
    found = make_result(counted, status="final")
    ResultRevision.objects.create(result=found, was="fail", now="pass", period="2021", reason="某厂复检", rates=told)
    page = client.get(
        "/supervision/statistics/", headers={"accept-language": "en", "host": "localhost"}
    ).content.decode()
    assert "93.33 (56/60)" in page and "某厂" not in page and found.number not in page
