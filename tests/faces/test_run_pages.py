"""The planner's pages around a run: how sure, does the framework hold, what if, charts, method."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from tests.city.measure.cast import DECISION, SYSTEM, Cast, locked_round, make_cast, tiny_set

from qualipolis.city.assess import service
from qualipolis.city.assess.analysis import STEPS, analyse
from qualipolis.city.assess.analysis_basis import _read
from qualipolis.city.assess.analysis_models import Analysis
from qualipolis.city.assess.models import Assessment
from qualipolis.city.core.models import City, Draft, Job
from qualipolis.faces.desk.rooms.run import frame as run_frame

TOWNS = 12
PAGES = ("robustness", "structure", "scenarios", "charts", "method")
ONE = "s1=" + quote("n=几何&start=1&mean=geometric")
TWO = "s2=" + quote("w.QDL=0.1")
BAD = "s3=" + quote("mean=geometric")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    _read.cache_clear()
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    return make_cast(towns=TOWNS)


@pytest.fixture
def run(cast: Cast) -> Assessment:
    values = {
        f"T{k}": {"a": (k * 37) % 97, "b": (k * 53) % 89 + 3, "c": (k * 29) % 83 + 5} for k in range(1, TOWNS + 1)
    }
    return service.run(SYSTEM, locked_round(tiny_set(), values), seed=3, replicates=100)


@pytest.fixture
def release(run: Assessment) -> Assessment:
    service.publish(SYSTEM, service.decide(SYSTEM, service.preview(SYSTEM, run), *DECISION))
    made = Assessment.objects.select_related("round__set", "set", "release").get(pk=run.pk)
    for kind in STEPS:
        analyse(made, kind)
    return made


@pytest.fixture
def browse(client: Any, cast: Cast) -> Any:
    client.force_login(cast["planner"], backend="django.contrib.auth.backends.ModelBackend")

    def get(address: str, language: str = "zh-hans") -> str:
        answer = client.get(address, headers={"host": "localhost", "accept-language": language})
        assert answer.status_code == 200, address
        return answer.content.decode()

    return get


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("name", PAGES)
def test_it_answers_in_both_languages_within_few_queries(
    browse: Any, release: Assessment, name: str, django_assert_max_num_queries: Any
) -> None:
    address = f"/desk/runs/{release.pk}/{name}/"
    browse(address)
    with django_assert_max_num_queries(30):
        page = browse(address)
    assert "style=" not in page and "<style" not in page
    english = browse(address, "en")
    assert english.count("<h1>") == 1 and page.count("<h1>") == 1
    assert f'href="{address}" aria-current="true"' in page


def test_the_title_is_the_finding(browse: Any, release: Assessment) -> None:
    page = browse(f"/desk/runs/{release.pk}/robustness/")
    title = re.search("<h1>(.*?)</h1>", page, re.S)
    assert title and re.search(r"12个名次中有\d+个可能变动2位以上；影响最大的是", title[1])
    assert "没有失败的模拟" in page


def test_failed_simulations_are_said(browse: Any, release: Assessment) -> None:
    row = Analysis.objects.get(kind="robustness")
    problem = {
        "code": "x",
        "what": "No replicate succeeded.",
        "remedy": "",
        "params": {},
        "place": "",
        "severity": "error",
    }
    row.payload |= {"failed": 7, "failures": [{"count": 7, "problem": problem}]}
    row.save()
    assert "有7次模拟失败" in words(browse(f"/desk/runs/{release.pk}/robustness/"))


def test_a_chosen_unit_is_compared_with_those_beside_it(browse: Any, release: Assessment) -> None:
    page = browse(f"/desk/runs/{release.pk}/robustness/?unit=T5")
    assert re.search(r"5镇（第\d+名）和\d+个镇街分不出先后", words(page))
    browse(f"/desk/runs/{release.pk}/robustness/?unit=nobody&page=x&city=nowhere")


@pytest.mark.parametrize("kind", list(STEPS))
def test_what_is_not_computed_is_computed_by_a_job(
    browse: Any, client: Any, cast: Cast, run: Assessment, kind: str, monkeypatch: Any
) -> None:
    begun: list[tuple[Any, ...]] = []

    class Now:
        def __init__(self, target: Any, args: tuple[Any, ...], daemon: bool) -> None:
            begun.append(args)

        def start(self) -> None:
            pass

    monkeypatch.setattr(run_frame, "threading", SimpleNamespace(Thread=Now))
    address = f"/desk/runs/{run.pk}/{kind}/"
    assert "现在计算" in browse(address)
    assert client.post(address, headers={"host": "localhost"}).status_code == 302
    assert "data-job=" in browse(address)
    job = Job.objects.get(pk=begun[0][0])
    run_frame.compute(job, Assessment.objects.select_related("round__set", "set", "release").get(pk=run.pk), kind)
    job.refresh_from_db()
    assert job.state == "done"
    assert "现在计算" not in browse(address)


def test_a_failed_job_says_why(browse: Any, cast: Cast, run: Assessment) -> None:
    from qualipolis.city.core import jobs
    from qualipolis.city.measure.models import Observation

    Observation.objects.filter(round=run.round).update(value=1.0)
    job = jobs.start("assess.robustness", cast["planner"])
    job.result_url = f"/desk/runs/{run.pk}/robustness/"
    job.save()
    run_frame.compute(job, run, "robustness")
    assert "请重新计算" in browse(f"/desk/runs/{run.pk}/robustness/")


@pytest.mark.parametrize("name", PAGES)
def test_before_a_release_it_is_not_for_towns(client: Any, cast: Cast, run: Assessment, name: str) -> None:
    service.preview(SYSTEM, run)
    client.force_login(cast["town_officer"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/desk/runs/{run.pk}/{name}/", headers={"host": "localhost"}).status_code == 404
    assert "/robustness/" not in client.get(f"/desk/runs/{run.pk}/", headers={"host": "localhost"}).content.decode()


def test_scenarios_stand_beside_the_official_result(browse: Any, release: Assessment) -> None:
    page = browse(f"/desk/runs/{release.pk}/scenarios/?{ONE}&{TWO}&{BAD}")
    said = words(page)
    assert "几何" in said and "方案2" in said and "不能计算" in said
    assert "请把“分数从几开始”改为1" in said
    assert "改了1个权重" in said


def test_the_form_writes_the_link(client: Any, browse: Any, release: Assessment) -> None:
    address = f"/desk/runs/{release.pk}/scenarios/"
    answer = client.get(
        f"{address}?{ONE}&at=1&n=b&mean=harmonic&start=1&w.QDL=0.6&w.NII=0.9&apply=1", headers={"host": "localhost"}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{address}?s1=n%3Db%26start%3D1%26mean%3Dharmonic%26w.NII%3D0.9")
    more = client.get(f"{address}?{ONE}&more=1", headers={"host": "localhost"})["Location"]
    assert "s2=" in more and more.endswith("at=2")
    assert (
        client.get(f"{address}?{ONE}&{TWO}&drop=1", headers={"host": "localhost"})["Location"]
        == f"{address}?s1=w.QDL%3D0.1"
    )


def test_a_scenario_is_kept_for_oneself_only(client: Any, cast: Cast, browse: Any, release: Assessment) -> None:
    address = f"/desk/runs/{release.pk}/scenarios/?{ONE}"
    client.post(address, {"name": "会前"}, headers={"host": "localhost"})
    assert "会前" in browse(f"/desk/runs/{release.pk}/scenarios/")
    kept = Draft.objects.get(person=cast["planner"])
    client.force_login(cast["leader"], backend="django.contrib.auth.backends.ModelBackend")
    assert "会前" not in browse(f"/desk/runs/{release.pk}/scenarios/")
    client.post(address, {"forget": kept.key}, headers={"host": "localhost"})
    assert Draft.objects.filter(pk=kept.pk).exists()
    client.force_login(cast["planner"], backend="django.contrib.auth.backends.ModelBackend")
    client.post(address, {"forget": kept.key}, headers={"host": "localhost"})
    assert not Draft.objects.filter(pk=kept.pk).exists()
    assert Assessment.objects.count() == 1


def test_strange_links_do_no_harm(browse: Any, release: Assessment) -> None:
    for query in ("s1=" + "w.a%3D1%26" * 300, "s1=n%3D%3Cb%3E&at=99", "at=-1&s4=mean%3Dcopeland"):
        assert "<b></b>" not in browse(f"/desk/runs/{release.pk}/scenarios/?{query}")


@pytest.mark.parametrize(
    "name",
    ["robustness", "assumptions", "places", "pairs", "importance", "families", "correlations", "sizes", "scenarios"],
)
def test_every_table_can_be_taken_along(client: Any, browse: Any, release: Assessment, name: str) -> None:
    for form in ("csv", "xlsx"):
        answer = client.get(f"/lists/{name}.{form}?run={release.pk}&{ONE}", headers={"host": "localhost"})
        assert answer.status_code == 200
        data = b"".join(answer.streaming_content)
        assert len(data) > 20
    assert client.get(f"/lists/{name}.csv?run=999", headers={"host": "localhost"}).status_code == 400


def test_charts_follow_the_choice(browse: Any, release: Assessment) -> None:
    page = browse(f"/desk/runs/{release.pk}/charts/?x=QDI&y=QDL&unit=T3&node=NII")
    assert "sunburst" in page and "multiples" not in page
    assert "没有更早年份的发布版可比" in page
    browse(f"/desk/runs/{release.pk}/charts/?x=bad&y=&unit=nobody&node=x")


def test_the_method_is_written_from_the_steps_that_ran(browse: Any, release: Assessment) -> None:
    said = words(browse(f"/desk/runs/{release.pk}/method/"))
    assert "25%" in said and "几何平均" in said and "A = Σ(w·z) ÷ Σw" in said


def test_the_ranking_leads_to_them(browse: Any, release: Assessment) -> None:
    assert f"/desk/runs/{release.pk}/robustness/" in browse("/desk/ranking/")


def test_an_assumption_at_one_node_is_called_by_its_name(browse: Any, client: Any, release: Assessment) -> None:
    row = Analysis.objects.get(kind="robustness")
    row.payload["factors"][0]["name"] = {"text": "how points are added up (%(node)s)", "params": {"node": "QDL"}}
    row.save()
    assert "得分怎样汇总（水平）" in words(browse(f"/desk/runs/{release.pk}/robustness/"))
    told = client.get(f"/api/v1/releases/{release.release.number}/robustness", headers={"host": "localhost"}).json()
    first = told["assumptions"][0]
    assert (first["name_zh"], first["name_en"]) == ("得分怎样汇总（水平）", "how points are added up (水平)")
