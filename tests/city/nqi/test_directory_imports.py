"""Scopes taken over from files: in whole or not at all, traced, and nothing is deleted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.nqi.cast import Cast

from qualipolis.city.core.policy import visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.directory.imports import understand
from qualipolis.city.nqi.models import ScopeImport, ScopeReading
from qualipolis.city.registry.models import Qualification, ScopeItem
from qualipolis.city.registry.validity import lines_on
from qualipolis.lake.scopes.headers import Reading
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
HEAD = "检测对象,检测项目,检测标准,说明\n"
FIRST, SECOND = date(2021, 3, 1), date(2021, 6, 1)
LINES = "玩具,小零件,GB 6675.2-2014,\n玩具,跌落,GB 6675.2-2014,\n"


@pytest.fixture
def held(cast: Cast) -> Qualification:
    return Qualification.objects.create(
        institution=cast.bare, kind="cma", number="CMA-LAB3", valid_from=date(2020, 1, 1), valid_to=date(2026, 1, 1)
    )


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(text: str, name: str = "附表.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def take(cast: Cast, held: Qualification, path: Path, day: date = FIRST, **more: Any) -> ScopeImport:
    made: ScopeImport = service.import_scope(cast["inspector"], held, path, path.name, day, **more)
    return made


def test_every_line_keeps_its_file_its_row_and_its_day(cast, held, file):
    made = take(cast, held, file(HEAD + LINES))
    rows = ScopeItem.objects.filter(qualification=held).order_by("pk")
    assert [(row.source_line, row.valid_from, row.source_id) for row in rows] == [
        (2, FIRST, made.source_id),
        (3, FIRST, made.source_id),
    ]
    assert (made.added, made.kept, made.ended, len(made.source.sha256)) == (2, 0, 0, 64)


def test_a_new_list_ends_the_lines_it_does_not_have_and_deletes_none(cast, held, file):
    take(cast, held, file(HEAD + LINES))
    made = take(cast, held, file(HEAD + "玩具,小零件,GB 6675.2-2014,\n玩具,锐利尖端,GB 6675.2-2014,\n"), SECOND)
    assert (made.added, made.kept, made.ended) == (1, 1, 1)
    assert ScopeItem.objects.filter(qualification=held).count() == 3
    on = {
        day: set(lines_on(day, ScopeItem.objects.filter(qualification=held)).values_list("parameter", flat=True))
        for day in (SECOND - timedelta(days=1), SECOND)
    }
    assert list(on.values()) == [{"小零件", "跌落"}, {"小零件", "锐利尖端"}]


def test_an_extension_only_adds(cast, held, file):
    take(cast, held, file(HEAD + LINES))
    made = take(cast, held, file(HEAD + "玩具,锐利尖端,GB 6675.2-2014,\n"), SECOND, whole=False)
    assert (made.added, made.ended) == (1, 0)


def test_a_line_whose_limits_change_ends_and_begins(cast, held, file):
    take(cast, held, file(HEAD + LINES))
    made = take(cast, held, file(HEAD + "玩具,小零件,GB 6675.2-2014,限塑料\n玩具,跌落,GB 6675.2-2014,\n"), SECOND)
    assert (made.added, made.kept, made.ended) == (1, 1, 1)


def test_one_bad_row_keeps_the_whole_list_out_and_all_bad_rows_are_named(cast, held, file):
    with pytest.raises(InputError) as error:
        take(cast, held, file(HEAD + LINES + ",,GB 1-2020,\n童车,,见附件,\n"))
    assert [problem.code for problem in error.value.problems] == ["no_parameter", "unread_standard"]
    assert not ScopeItem.objects.filter(qualification=held).exists()
    assert not ScopeImport.objects.exists()
    assert not ScopeReading.objects.exists()


def test_a_list_holds_only_while_its_certificate_does_and_not_before_the_last_one(cast, held, file):
    with pytest.raises(InputError, match="not valid"):
        take(cast, held, file(HEAD + LINES), date(2019, 12, 31))
    take(cast, held, file(HEAD + LINES), SECOND)
    with pytest.raises(InputError, match="2021-06-01"):
        take(cast, held, file(HEAD + LINES), FIRST)


def test_columns_that_a_person_named_are_known_the_next_time(cast, held, file):
    path = file("物品,检测项目,检测标准,附注甲\n玩具,小零件,GB 6675.2-2014,塑料\n")
    with pytest.raises(InputError, match="No column is the product"):
        take(cast, held, path)
    said = Reading({"物品": "product", "检测项目": "parameter", "检测标准": "standard", "附注甲": "limits"})
    take(cast, held, path, reading=said)
    seen = understand(path, path.name, held)
    assert (seen.remembered, seen.listed.reading.columns["物品"], seen.kept) == (True, "product", 1)


def test_looking_through_changes_nothing(cast, held, file):
    seen = understand(file(HEAD + LINES), "附表.csv", held)
    assert (seen.added, seen.kept, seen.ended) == (2, 0, 0)
    assert not ScopeItem.objects.filter(qualification=held).exists()


def test_progress_runs_to_the_end(cast, held, file):
    told: list[tuple[int, int]] = []
    take(cast, held, file(HEAD + LINES), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize("who", ["laboratory", "enterprise", "nqi_desk", "steward", "leader"])
def test_an_institution_does_not_write_its_own_scope(cast, held, file, who):
    with pytest.raises(PermissionDenied):
        service.import_scope(cast[who], held, file(HEAD + LINES), "附表.csv", FIRST)


def test_an_institution_sees_its_own_imports_and_no_other(cast, held, file):
    take(cast, held, file(HEAD + LINES))
    seen = {
        who: visible(cast[who], ScopeImport.objects.all()).count() for who in ("laboratory", "planner", "enterprise")
    }
    assert seen == {"laboratory": 0, "planner": 1, "enterprise": 0}
