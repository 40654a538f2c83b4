"""Tables of alerts: understood, confirmed, taken in whole or not at all; known numbers, missing dangers, hostile files."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.listen.cast import Cast

from qualipolis.city.core.models import Event
from qualipolis.city.listen import service
from qualipolis.city.listen.alerts.imports import as_named, understand
from qualipolis.city.listen.models import Alert, AlertBatch, HeaderMapping
from qualipolis.lake.alerts import NOT_STATED
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
RASFF = """Reference,Date of case,Product,Product Category,Hazard Substance,Notification From,Country Origin
2024.1001,2024-03-01,Sesame seeds,Nuts nut products and seeds,Ethylene oxide,Germany,India
2024.1002,2024-03-02,Paprika,Herbs and spices,,Italy,Spain
2024.1003,2024-03-05,Frozen shrimp,Crustaceans,Nitrofuran,France,Vietnam
"""
CHINESE = """序号,抽样编号,食品名称,标称生产企业名称,不合格项目║检验结果║标准值,公告日期
1,NO1,辣椒粉,示范食品厂,铅║0.5mg/kg║≤0.2,2025-05-06
2,NO2,花生油,示范油厂,黄曲霉毒素B1║30║≤20,2025-05-06
"""


def file(folder: Path, text: str | bytes, name: str = "alerts.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def taken(cast: Cast, path: Path, person: str = "planner", **more: Any) -> AlertBatch:
    seen = understand(path, path.name)
    values = {"mapping": seen.shown.mapping, "source": seen.source or "示范市场监管局"} | more
    return service.import_alerts(cast[person], None, path, path.name, **values)


def codes(error: Any) -> set[str]:
    return {problem.code for problem in error.value.problems}


def test_it_takes_a_table_in_with_one_event(cast: Cast, tmp_path: Path) -> None:
    batch = taken(cast, file(tmp_path, RASFF))
    assert (batch.source, batch.rows, batch.added, batch.known) == ("RASFF", 3, 3, 0)
    first = Alert.objects.get(reference="2024.1001")
    assert (first.alerted_on, first.hazards, first.origin) == (date(2024, 3, 1), ["Ethylene oxide"], "India")
    assert Event.objects.filter(verb="listen.import_alerts").count() == 1


def test_a_danger_that_is_not_told_is_a_value(cast: Cast, tmp_path: Path) -> None:
    taken(cast, file(tmp_path, RASFF))
    assert Alert.objects.get(reference="2024.1002").hazards == [NOT_STATED]


def test_known_numbers_are_counted_and_not_doubled(cast: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, RASFF)
    taken(cast, path)
    again = taken(cast, file(tmp_path, RASFF + "2024.1004,2024-03-06,Figs,Fruits,Aflatoxin,Spain,Turkey\n", "b.csv"))
    assert (again.rows, again.added, again.known) == (4, 1, 3) and Alert.objects.count() == 4


def test_the_same_number_of_another_source_is_another_alert(cast: Cast, tmp_path: Path) -> None:
    taken(cast, file(tmp_path, RASFF))
    taken(cast, file(tmp_path, RASFF), source="另一机关")
    assert Alert.objects.count() == 6


def test_rows_of_one_number_are_one_alert_with_all_dangers(cast: Cast, tmp_path: Path) -> None:
    twice = RASFF + "2024.1001,2024-03-01,Sesame seeds,Nuts,Salmonella,Germany,India\n"
    batch = taken(cast, file(tmp_path, twice))
    assert (batch.rows, batch.added) == (4, 3)
    assert Alert.objects.get(reference="2024.1001").hazards == ["Ethylene oxide", "Salmonella"]


def test_a_table_without_numbers_does_not_double_either(cast: Cast, tmp_path: Path) -> None:
    bare = "产品名称,不合格项目,公告日期\n电暖器,结构,2025-01-01\n插座,标志,2025-01-01\n"
    assert taken(cast, file(tmp_path, bare)).added == 2
    assert taken(cast, file(tmp_path, bare)).known == 2


def test_a_confirmed_reading_is_remembered_and_found_by_the_headers(cast: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, CHINESE)
    seen = understand(path, path.name)
    assert seen.remembered is None
    changed = seen.shown.mapping.changed("标称生产企业名称")
    service.import_alerts(cast["department"], None, path, path.name, changed, "省市场监管局")
    later = understand(file(tmp_path, CHINESE.replace("NO", "NP").replace("序号", " 序号 "), "c.csv"), "c.csv")
    assert later.remembered is not None and later.source == "省市场监管局"
    assert not later.shown.mapping.of("firms")
    assert HeaderMapping.objects.get().confirmed_by == cast["department"]


def test_joined_cells_give_their_items_as_dangers(cast: Cast, tmp_path: Path) -> None:
    taken(cast, file(tmp_path, CHINESE))
    assert (
        Alert.objects.get(reference="NO1").hazards == ["铅"] and Alert.objects.get(reference="NO1").firm == "示范食品厂"
    )


def test_rows_without_a_day_are_named_and_nothing_is_taken(cast: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, RASFF.replace("2024-03-02", "").replace("2024-03-05", "soon"))
    with pytest.raises(InputError) as error:
        taken(cast, path)
    assert {p.params["row"] for p in error.value.problems if p.code == "no_day"} == {3, 4}
    assert not Alert.objects.exists() and not AlertBatch.objects.exists() and not HeaderMapping.objects.exists()
    assert taken(cast, path, missing_day=date(2024, 3, 9)).added == 3
    assert Alert.objects.get(reference="2024.1003").alerted_on == date(2024, 3, 9)


def test_days_ahead_are_refused(cast: Cast, tmp_path: Path) -> None:
    ahead = timezone.localdate() + timedelta(days=9)
    with pytest.raises(InputError) as error:
        taken(cast, file(tmp_path, RASFF.replace("2024-03-02", str(ahead))))
    assert codes(error) == {"bad_day"}
    with pytest.raises(InputError) as error:
        taken(cast, file(tmp_path, RASFF), missing_day=ahead)
    assert codes(error) == {"future"}


def test_a_table_needs_a_publisher(cast: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, CHINESE)
    with pytest.raises(InputError) as error:
        service.import_alerts(cast["planner"], None, path, path.name, understand(path, path.name).shown.mapping, "  ")
    assert codes(error) == {"no_source"}


@pytest.mark.parametrize("name", ["inspector", "leader", "enterprise", "laboratory", "auditor", "mediator"])
def test_others_may_not_import(cast: Cast, tmp_path: Path, name: str) -> None:
    with pytest.raises(PermissionDenied):
        taken(cast, file(tmp_path, RASFF), name)


def bomb(folder: Path) -> Path:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (120 << 20))
    return file(folder, held.getvalue(), "bomb.xlsx")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04 not a zip at all"), ("a.csv", b""), ("a.csv", b"\x00\x01\x02" * 50), ("a.json", b"[1, 2"),
        ("a.json", b"[" * 5000), ("a.csv.gz", b"\x1f\x8b broken"), ("a.xlsx", b"Product,Date\n1,2\n"), ("a.pdf", b"%PDF-1.7"),
        ("a.csv", b"\n" * 500), ("a.csv", b"a" * 300_000),
    ],
)  # fmt: skip
def test_broken_files_are_refused_in_words(cast: Cast, tmp_path: Path, name: str, content: bytes) -> None:
    path = file(tmp_path, content, name)
    with pytest.raises(InputError) as error:
        taken(cast, path)
    assert error.value.problems and not Alert.objects.exists()


def test_a_bomb_is_refused_before_it_is_unpacked(cast: Cast, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(InputError):
        understand(bomb(tmp_path), "bomb.xlsx")
    assert time.monotonic() - began < 5


def test_a_mapping_of_another_table_is_refused(cast: Cast, tmp_path: Path) -> None:
    other = understand(file(tmp_path, CHINESE), "alerts.csv").shown.mapping
    with pytest.raises(InputError):
        taken(cast, file(tmp_path, RASFF, "r.csv"), mapping=other)


def test_headers_of_other_spelling_are_the_same_columns(tmp_path: Path) -> None:
    seen = understand(file(tmp_path, RASFF), "alerts.csv").shown.mapping
    named = as_named(seen, ["REFERENCE", *(one.header for one in seen.columns[1:])])
    assert named.columns[0].header == "REFERENCE" and named.fingerprint == seen.fingerprint
