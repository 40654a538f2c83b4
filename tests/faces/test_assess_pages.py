"""The staff pages of assessment: overview, ranking, town, indicator, release, run."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.city.assess.conftest import VALUES
from tests.city.measure.cast import DECISION, SYSTEM, Cast, locked_round, make_cast, tiny_set

from qualipolis.city.assess import service
from qualipolis.city.assess.models import Adjustment, Assessment, Release
from qualipolis.city.core.models import City
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Indicator, SourceRecord, Statistic
from qualipolis.faces.desk.rooms.assess.frame import figure, rank_move, share
from qualipolis.faces.desk.rooms.assess.method import varied
from qualipolis.faces.desk.rooms.overview import short, step_of

BEFORE = {"T1": {"a": 90, "b": 80, "c": 90}, "T2": {"a": 70, "b": 50, "c": 65}, "T4": {"a": 60, "b": 60, "c": 60}}
PLAIN = ("/desk/overview/", "/desk/ranking/", "/desk/quadrant/", "/desk/releases/", "/desk/towns/T1/")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    return make_cast(towns=4)


def published(year: int, values: Any) -> Release:
    made = service.run(SYSTEM, locked_round(tiny_set(year), values), seed=3, replicates=100)
    return service.publish(SYSTEM, service.decide(SYSTEM, service.preview(SYSTEM, made), *DECISION))


@pytest.fixture
def release(cast: Cast) -> Release:
    published(2020, BEFORE)
    return published(2021, VALUES)


@pytest.fixture
def browse(client: Any, cast: Cast) -> Any:
    """Return a page as the planner sees it."""
    client.force_login(cast["planner"])

    def get(address: str, language: str = "zh-hans") -> str:
        answer = client.get(address, headers={"host": "localhost", "accept-language": language})
        assert answer.status_code == 200, address
        return answer.content.decode()

    return get


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def row_of(page: str, name: str) -> str:
    """The row of the interval plot or of a table that names a unit."""
    return next(words(row) for row in re.findall(r"<tr.*?</tr>", page, re.S) if f">{name}</a>" in row)


def test_it_says_that_nothing_is_published_yet(browse: Any) -> None:
    for address in PLAIN:
        assert "还没有发布版" in browse(address) or "没有" in browse(address)


@pytest.mark.parametrize("address", [*PLAIN, "/desk/indicators/a/", "/desk/releases/2021-R1/"])
def test_it_answers_in_both_languages_within_few_queries(
    browse: Any, release: Release, address: str, django_assert_max_num_queries: Any
) -> None:
    browse(address)
    # the overview tells what waits in every room besides
    with django_assert_max_num_queries(72 if address == "/desk/overview/" else 40):
        page = browse(address)
    assert "style=" not in page and "<style" not in page
    assert re.search("[一-鿿]", page)
    assert "No value" not in page
    assert browse(address, "en").count("<h1>") == 1


def test_it_writes_ties_as_ties_in_view_and_twin(browse: Any, release: Release) -> None:
    view, twin = browse("/desk/ranking/").split('data-pane="table"')
    assert "并列" in row_of(view, "2镇")
    assert "并列" not in row_of(view, "1镇")
    assert "2=" in row_of(twin, "3镇")
    assert "4" in row_of(twin, "4镇")


def test_it_names_a_change_only_outside_the_interval(release: Release) -> None:
    class Row:
        previous_rank, p05, p95 = 5, 2.0, 5.0

    assert rank_move(Row) == ""
    Row.previous_rank = 6
    assert rank_move(Row) == "up"
    Row.previous_rank = 1
    assert rank_move(Row) == "down"
    Row.previous_rank = None
    assert rank_move(Row) == ""


def test_it_shows_the_veto_with_its_reason(browse: Any, cast: Cast) -> None:
    round_ = locked_round(tiny_set(), VALUES)
    service.adjust(SYSTEM, round_, cast.units[0], Adjustment.Kind.VETO, "质办〔2022〕1号", "重大事故")
    made = service.run(SYSTEM, round_, seed=3, replicates=50)
    service.publish(SYSTEM, service.decide(SYSTEM, service.preview(SYSTEM, made), *DECISION))
    row = row_of(browse("/desk/ranking/"), "1镇")
    assert " D " in row and "重大事故" in row


def test_it_ranks_at_a_dimension_without_tiers_and_by_year(browse: Any, release: Release) -> None:
    assert "第一梯队" in browse("/desk/ranking/")
    assert "第一梯队" not in browse("/desk/ranking/?node=NII")
    assert "2020-R1" in browse("/desk/ranking/?year=2020")
    assert "2021-R1" in browse("/desk/ranking/?year=1999&page=x&node=nothing&peer=nobody")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_it_hands_out_the_ranking_with_the_hash_of_the_release(
    client: Any, cast: Cast, release: Release, form: str
) -> None:
    client.force_login(cast["planner"])
    answer = client.get(f"/lists/ranking.{form}?year=2021", headers={"host": "localhost"})
    assert answer.status_code == 200
    data = b"".join(answer.streaming_content)
    if form == "csv":
        text = data.decode("utf-8-sig")
        assert "2=" in text and "T4" in text
        return
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert any(release.release_hash.encode() in book.read(name) for name in book.namelist())


def test_it_breaks_the_change_of_a_score_down_exactly(browse: Any, release: Release) -> None:
    assert "/desk/towns/T4/why/" in browse("/desk/towns/T4/")
    page = browse("/desk/towns/T4/why/?view=table")
    foot = words(re.search(r"<tfoot>.*?</tfoot>", page, re.S)[0])
    *kinds, together = [float(one.replace("−", "-")) for one in re.findall(r"[−+]?\d+\.\d{3}", foot)]
    assert sum(kinds) == pytest.approx(together, abs=0.0021)
    assert together == pytest.approx(26.0 - 60.0, abs=0.0005)


def test_it_says_missing_and_never_zero(browse: Any, release: Release) -> None:
    page = browse("/desk/towns/T4/").split('id="indicators"')[1]
    row = next(words(row) for row in re.findall(r"<tr.*?</tr>", page, re.S) if ">b</a>" in row)
    assert "缺失" in row and not {"0", "0.0", "0.00"} & set(row.split())


def test_it_has_no_page_for_what_does_not_exist(client: Any, cast: Cast, release: Release) -> None:
    client.force_login(cast["planner"])
    for address in (
        "/desk/towns/XX/",
        "/desk/indicators/XX/",
        "/desk/releases/XX/",
        "/desk/runs/99999/",
        "/desk/releases/2021-R1/files/../../city.sqlite3",
        "/desk/releases/2021-R1/files/secrets.txt",
        "/desk/releases/2021-R1/report-xx.pdf",
    ):
        assert client.get(address, headers={"host": "localhost"}).status_code == 404, address


def test_it_traces_a_number_to_its_records(browse: Any, cast: Cast) -> None:
    round_ = traced_round(cast)
    made = service.run(SYSTEM, round_, seed=1, replicates=20)
    service.publish(SYSTEM, service.decide(SYSTEM, service.preview(SYSTEM, made), *DECISION))
    page = browse("/desk/indicators/PQ01/?unit=T1")
    said = words(page)
    assert "这个数由以下 4 条记录算出" in said
    assert "重算得75，显示为75" in said
    assert "不一致" not in said
    assert all(f"S{n}" in page for n in range(4))


def traced_round(cast: Cast) -> CollectionRound:
    """A round whose one indicator is computed from four samples of the first town and two of the second."""
    found = tiny_set()
    Indicator.objects.filter(set=found, code="a").update(
        code="PQ01", kind="ratio", factor=100.0, metric="PQ01", is_proportion=True
    )
    for n, (unit, outcome) in enumerate([(0, "pass"), (0, "pass"), (0, "fail"), (0, "pass"), (1, "pass"), (1, "fail")]):
        SourceRecord.objects.create(
            kind="sample", number=f"S{n}", unit=cast.units[unit], happened_on=date(2021, 5, 1),
            purpose="random", outcome=outcome,
        )  # fmt: skip
    Statistic.objects.create(unit=cast.units[0], year=2021, key="population", value=10)
    opened = measure.open_round(SYSTEM, found, date(2022, 1, 10), date(2022, 2, 28))
    rows = [(code, u.code, 50 + 10 * i, None, None) for i, u in enumerate(cast.units) for code in ("b", "c")]
    measure.fill_round(SYSTEM, opened, rows)
    measure.compute_metrics(SYSTEM, opened)
    measure.submit_many(SYSTEM, opened)
    measure.verify_many(SYSTEM, opened)
    measure.close_entry(SYSTEM, opened)
    return measure.lock_round(SYSTEM, opened)


def test_it_hides_the_records_from_a_town_that_is_not_theirs(client: Any, cast: Cast) -> None:
    round_ = traced_round(cast)
    made = service.run(SYSTEM, round_, seed=1, replicates=20)
    service.publish(SYSTEM, service.decide(SYSTEM, service.preview(SYSTEM, made), *DECISION))
    client.force_login(cast["town_officer"])
    own = client.get("/desk/indicators/PQ01/?unit=T1", headers={"host": "localhost"}).content.decode()
    other = client.get("/desk/indicators/PQ01/?unit=T2", headers={"host": "localhost"}).content.decode()
    assert "<code>S0</code>" in own
    assert "<code>S4</code>" not in other and "您的角色只看条数和合计" in other


def test_it_verifies_a_release_on_demand_and_says_when_it_fails(
    client: Any, cast: Cast, release: Release, home: Path
) -> None:
    client.force_login(cast["planner"])
    address = "/desk/releases/2021-R1/verify/"
    good = client.post(address, headers={"host": "localhost"}).content.decode()
    assert "重算一致，4个镇街全部相同" in good
    scores = home / release.directory / "scores.csv"
    scores.chmod(0o644)
    scores.write_bytes(scores.read_bytes().replace(b"90", b"91", 1))
    bad = client.post(address, headers={"host": "localhost"}).content.decode()
    assert "核验不通过" in bad and "scores.csv" in bad


def test_it_hands_out_the_bundle_that_verifies_elsewhere(
    client: Any, cast: Cast, release: Release, tmp_path: Path
) -> None:
    from qualipolis.lake.release import verify_release

    client.force_login(cast["planner"])
    answer = client.get("/desk/releases/2021-R1/bundle.zip", headers={"host": "localhost"})
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as bundle:
        bundle.extractall(tmp_path / "elsewhere")
    assert verify_release(tmp_path / "elsewhere" / "2021-R1").ok


def test_it_hands_out_the_report_in_both_languages(client: Any, cast: Cast, release: Release) -> None:
    client.force_login(cast["planner"])
    for lang in ("zh", "en"):
        answer = client.get(f"/desk/releases/2021-R1/report-{lang}.pdf", headers={"host": "localhost"})
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_it_takes_a_run_to_its_release_with_one_button_at_a_time(client: Any, cast: Cast) -> None:
    round_ = locked_round(tiny_set(), VALUES)
    client.force_login(cast["planner"])
    client.post("/desk/runs/new/", {"round": round_.pk}, headers={"host": "localhost"})
    made = Assessment.objects.get()
    address = f"/desk/runs/{made.pk}/"
    page = client.get(address, headers={"host": "localhost"}).content.decode()
    assert page.count("btn-primary") == 1
    client.post(address, {"step": "preview"}, headers={"host": "localhost"})
    waiting = client.get(address, headers={"host": "localhost"}).content.decode()
    assert "btn-primary" not in waiting and "领导" in waiting
    client.force_login(cast["leader"])
    client.post(address, {"step": "decide"}, headers={"host": "localhost"})
    made.refresh_from_db()
    assert made.status == "previewed", "a decision has its number and its day"
    said = {"step": "decide", "document": DECISION[0], "meeting_on": DECISION[1].isoformat()}
    client.post(address, said, headers={"host": "localhost"})
    client.post(address, {"step": "publish"}, headers={"host": "localhost"})
    made.refresh_from_db()
    assert made.status == "decided", "without the confirmation nothing is published"
    client.post(address, {"step": "publish", "sure": "on"}, headers={"host": "localhost"})
    made.refresh_from_db()
    assert made.status == "published" and made.release.number == "2021-R1"


def test_it_refuses_a_step_of_another_role(client: Any, cast: Cast) -> None:
    made = service.run(SYSTEM, locked_round(tiny_set(), VALUES), seed=3, replicates=20)
    client.force_login(cast["leader"])
    answer = client.post(f"/desk/runs/{made.pk}/", {"step": "preview"}, headers={"host": "localhost"})
    assert answer.status_code == 403
    made.refresh_from_db()
    assert made.status == "run"


def test_it_withdraws_a_release_only_with_a_reason(client: Any, cast: Cast, release: Release) -> None:
    client.force_login(cast["leader"])
    address = "/desk/releases/2021-R1/withdraw/"
    client.post(address, {"reason": " "}, headers={"host": "localhost"})
    release.refresh_from_db()
    assert release.withdrawn_at is None
    client.post(address, {"reason": "录入有误"}, headers={"host": "localhost"})
    release.refresh_from_db()
    assert release.withdrawn_at is not None
    page = client.get("/desk/releases/2021-R1/", headers={"host": "localhost"}).content.decode()
    assert "录入有误" in page and "撤回" in page


def test_it_makes_the_finding_the_title_of_the_overview(browse: Any, release: Release) -> None:
    title = words(re.search(r"<h1>.*?</h1>", browse("/desk/overview/"), re.S)[0])
    assert "均分60.0" in title and "2020" in title
    assert browse("/desk/overview/").count('class="tile"') == 8


def test_it_writes_numbers_that_do_not_say_too_much() -> None:
    assert [share(p) for p in (None, 0.0, 0.5, 1.0)] == ["—", "<1%", "50%", ">99%"]
    assert [figure(v) for v in (None, 0.0, 12.0, 0.0512, 1234.567)] == [None, "0", "12", "0.051", "1,234.57"]
    assert [step_of(tier) for tier in (1, 5, 9)] == [5, 1, 1]
    assert short("虎峰镇") == "虎峰" and short("镇") == "镇"
    assert varied("weights +-25%, all levels") != "weights +-25%, all levels"
    assert varied("something new") == "something new"
