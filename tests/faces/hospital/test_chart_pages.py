"""The chart page: the same numbers in drawing, words, table, file, paper and API; phases set without a script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.urls import reverse
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.measurement_files import kept, table

from qualipolis.city.hospital.measurements import filing
from qualipolis.city.hospital.measurements.study import findings_of
from qualipolis.city.hospital.models import MeasurementFile


@pytest.fixture
def row(cast: Cast) -> MeasurementFile:
    made = kept(cast["expert"], case_in(cast, "examining"), lower=58.0)
    return filing.set_phases(cast["expert"], made, [(21, "换油")])


@pytest.fixture
def expert(client: Any, cast: Cast) -> Any:
    client.force_login(cast["expert"])
    client.cookies["django_language"] = "en"
    return client


def chart(client: Any, row: MeasurementFile, query: str = "") -> str:
    answer = client.get(reverse("desk:hospital_chart", args=[row.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_draws_limits_of_each_phase_and_only_the_legal_one_solid(expert: Any, row: MeasurementFile) -> None:
    page = chart(expert, row)
    first, second = findings_of(row).charts[0].phases
    for phase in (first, second):
        assert f"{phase.upper:.2f}" in page
    assert page.count('class="limit"') == 1
    assert "required at least" in page
    assert "换油" in page


def test_every_signal_has_its_disc_and_its_words(expert: Any, row: MeasurementFile) -> None:
    page = chart(expert, row)
    signals = findings_of(row).charts[0].signals
    assert signals
    for signal in signals:
        assert re.search(rf'class="disc[^"]*">{signal.number}<', page)
        assert re.search(rf'class="disc-word">{signal.number}<', page)
    assert "Point 13" in page
    assert "8 rules were checked" in page
    assert "wrong set-up" in page


def test_drawing_table_file_and_api_say_the_same(expert: Any, row: MeasurementFile) -> None:
    values = findings_of(row).charts[0].values
    twin = chart(expert, row, "?view=table")
    points = expert.get(f"/api/v1/hospital/measurements/{row.pk}/points").json()
    csv = expert.get(reverse("report:list", args=["hospital_points", "csv"]) + f"?file={row.pk}&chart=0")
    lines = b"".join(csv.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert points["count"] == len(values) == len(lines) == 36
    for value, point, line in zip(values, points["items"], lines, strict=True):
        assert point["value"] == pytest.approx(value)
        assert float(line.split(",")[1]) == pytest.approx(value)
        assert f"{value:.5g}" in twin


def test_the_paper_is_a_pdf_of_the_same_findings(expert: Any, row: MeasurementFile) -> None:
    answer = expert.get(reverse("desk:hospital_chart_paper", args=[row.pk]))
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"


def test_the_findings_are_an_answer_of_the_api(expert: Any, row: MeasurementFile) -> None:
    said = expert.get(f"/api/v1/hospital/measurements/{row.pk}/findings").json()
    assert said["schema"] == "qualipolis.findings/1"
    assert said["n"] == 36
    assert [one["number"] for one in said["sentences"] if one["kind"] == "found" and one["number"]]


def test_phases_are_set_by_plain_fields(expert: Any, row: MeasurementFile) -> None:
    address = reverse("desk:hospital_chart_phases", args=[row.pk])
    answer = expert.post(address, {"start": ["25", "", "10"], "label": ["b", "", "a"]})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert [one["start"] for one in row.phases] == [10, 25]
    assert [phase.start for phase in findings_of(row).charts[0].phases] == [0, 9, 24]


@pytest.mark.parametrize("start", ["x", "1", "36", "99", "-3"])
def test_a_phase_that_is_none_is_answered_in_words(expert: Any, row: MeasurementFile, start: str) -> None:
    answer = expert.post(reverse("desk:hospital_chart_phases", args=[row.pk]), {"start": start, "label": "x"})
    assert answer.status_code == 400
    assert answer.context["problems"]
    row.refresh_from_db()
    assert [one["start"] for one in row.phases] == [21]


def test_limits_are_changed_and_the_findings_follow(expert: Any, row: MeasurementFile) -> None:
    before = findings_of(row)
    said = {
        "characteristic": row.characteristic,
        "lower": "60",
        "upper": "70",
        "rules": "western_electric",
        "unit": "℃",
    }
    assert expert.post(reverse("desk:hospital_chart_reading", args=[row.pk]), said).status_code == 302
    row.refresh_from_db()
    after = findings_of(row)
    assert (after.specification.lower, after.specification.upper) == (60.0, 70.0)
    assert len(after.charts[0].rules) == 4 != len(before.charts[0].rules)
    wrong = expert.post(reverse("desk:hospital_chart_reading", args=[row.pk]), said | {"lower": "90"})
    assert wrong.status_code == 400
    assert wrong.context["problems"]


def test_a_part_of_the_chart_is_looked_at_closer(expert: Any, row: MeasurementFile) -> None:
    page = chart(expert, row, "?from=10&to=15")
    assert 'data-first="10"' in page
    assert 'data-last="15"' in page
    for query in ("?from=99&to=5", "?from=x", "?to=1", "?page=999"):
        chart(expert, row, query)


def test_thinning_never_loses_a_signalled_point(cast: Cast, expert: Any) -> None:
    values = np.random.default_rng(4).normal(10, 1, 20_000)
    values[[5, 777, 15_000]] += 9
    row = kept(cast["expert"], case_in(cast, "examining"), table(list(map(float, values))), rules="limits")
    found_ = findings_of(row).charts[0]
    page = chart(expert, row)
    assert page.count('class="hit-out"') == int(found_.flagged.sum()) + int(
        findings_of(row).charts[1].flagged.sum()
    ) or ("hit-out-spots" in page)
    assert len(page) < 600_000


def test_the_firm_sees_the_chart_and_sets_no_phase(client: Any, cast: Cast, row: MeasurementFile) -> None:
    client.force_login(cast["enterprise"])
    page = chart(client, row)
    assert "data-fixed" in page
    assert client.post(reverse("desk:hospital_chart_phases", args=[row.pk]), {"start": "5"}).status_code == 403


@pytest.mark.parametrize("values", [[5.0] * 30, [1.0, 2.0, 3.0], [1.0]])
def test_few_or_equal_values_are_told_not_failed(cast: Cast, expert: Any, values: list[float]) -> None:
    row = kept(cast["expert"], case_in(cast, "examining"), table(values))
    assert "chart" in chart(expert, row)


def test_what_was_computed_is_kept_and_never_stale(cast: Cast, row: MeasurementFile, monkeypatch: Any) -> None:
    from qualipolis.city.hospital.measurements import study

    findings_of(row)
    calls: list[int] = []
    real = study._studied
    monkeypatch.setattr(study, "_studied", lambda one: (calls.append(one.pk), real(one))[1])
    findings_of(row)
    assert calls == []
    filing.set_phases(cast["expert"], row, [(15, "x")])
    row.refresh_from_db()
    assert findings_of(row).charts[0].phases[1].start == 14
    assert calls == [row.pk]


def test_a_damaged_keep_is_computed_again(row: MeasurementFile, home_folder: Path) -> None:
    first = findings_of(row)
    for file in (home_folder / "computed").iterdir():
        file.write_bytes(b"broken")
    assert findings_of(row).n == first.n


@pytest.fixture
def home_folder(cast: Cast, settings: Any) -> Path:
    return Path(settings.HOME)
