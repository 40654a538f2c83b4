"""The pages of a measurement file: preview before it is kept, mended, kept; broken files answered in words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.measurement_files import kept, shifted, table

from qualipolis.city.hospital.models import Case, MeasurementFile


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_in(cast, "examining")


@pytest.fixture
def enter(client: Any, cast: Cast) -> Any:
    def make(name: str, language: str = "en") -> Any:
        client.force_login(cast[name])
        client.cookies["django_language"] = language
        return client

    return make


def send(client: Any, case: Case, content: bytes, name: str = "a.csv", **more: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("desk:hospital_measurements", args=[case.pk]), {"file": file, **more})


def again(client: Any, case: Case, answer: Any, **said: Any) -> Any:
    """Post the form of the preview as it stands, with what is changed."""
    form = answer.context["preview"].how
    known = {name: form[name].value() or "" for name in form.fields}
    return client.post(
        reverse("desk:hospital_measurements", args=[case.pk]), known | {"token": answer.context["token"]} | said
    )


def test_it_says_what_was_understood_before_anything_is_kept(enter: Any, case: Case) -> None:
    content = "时间;孔径(mm)\n2024-01-01 08:00;25,003\n2024-01-01 09:00;<0,5\n2024-01-01 10:00;\n".encode("gb18030")
    answer = send(enter("enterprise"), case, content, "孔径.csv")
    assert answer.status_code == 200
    page = answer.content.decode()
    for words in ("gb18030", "孔径", "&lt; 1 / &gt; 0", "not used", "assumed"):
        assert words in page or words in ("not used", "assumed"), words
    assert not MeasurementFile.objects.exists()


def test_the_person_mends_it_and_then_it_is_kept(enter: Any, case: Case) -> None:
    client = enter("enterprise")
    answer = send(client, case, table(shifted()))
    kept_ = again(client, case, answer, lower="58", upper="", subgroup="", do="keep")
    row = MeasurementFile.objects.get()
    assert (row.lower, row.upper, row.unit) == (58.0, None, "℃")
    assert kept_["Location"] == reverse("desk:hospital_chart", args=[row.pk])
    assert client.get(kept_["Location"]).status_code == 200


def test_another_characteristic_brings_its_own_limits(enter: Any, case: Case) -> None:
    book = openpyxl.Workbook()
    for line in (["n", "A", "B"], ["LSL", 1, 2], ["USL", 9, 8], *([k, 5 + k / 10, 4 + k / 10] for k in range(1, 9))):
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    client = enter("expert")
    first = send(client, case, buffer.getvalue(), "a.xlsx")
    keys = [row.key for row in first.context["rows"]]
    other = next(row for row in first.context["rows"] if row.key != first.context["preview"].one.key)
    second = again(client, case, first, characteristic=other.key, do="look")
    assert second.context["preview"].how["characteristic"].value() == other.key
    shown = second.context["preview"].how["lower"].value()
    assert shown == ("" if other.lower is None else f"{other.lower:g}")
    assert len(keys) >= 2


def test_it_is_read_another_way_when_asked(enter: Any, case: Case) -> None:
    client = enter("expert")
    content = b"A,B\n" + b"".join(b"%d,%d\n" % (k, k + 1) for k in range(1, 9))
    first = send(client, case, content)
    second = again(client, case, first, layout="across", do="look")
    assert first.context["total"] == 2
    assert second.context["total"] == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04 broken", "a.xlsx"),
        (b"\x00\x01\x02\x03" * 50, "a.csv"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "a.xml"),
        (b"name,place\nanna,here\n", "a.csv"),
    ],
)
def test_a_broken_file_is_answered_in_words(enter: Any, case: Case, content: bytes, name: str) -> None:
    answer = send(enter("enterprise"), case, content, name)
    assert answer.status_code == 400
    assert answer.context["problems"]
    assert "root:" not in answer.content.decode()
    assert not MeasurementFile.objects.exists()


def test_an_old_preview_is_answered_in_words(enter: Any, case: Case) -> None:
    address = reverse("desk:hospital_measurements", args=[case.pk])
    answer = enter("expert").post(address, {"token": "forged", "do": "keep"})
    assert answer.status_code == 400
    assert "Send the file again." in answer.context["problems"][0]


@pytest.mark.parametrize("name", ["other_enterprise", "colleague", "desk_elsewhere"])
def test_who_does_not_take_part_finds_nothing(enter: Any, cast: Cast, case: Case, name: str) -> None:
    row = kept(cast["expert"], case)
    client = enter(name)
    for address in ("hospital_chart", "hospital_chart_paper", "hospital_file_instrument"):
        assert client.get(reverse(f"desk:{address}", args=[row.pk])).status_code == 404
    assert client.get(reverse("desk:hospital_measurements", args=[case.pk])).status_code == 404
    assert client.get(f"/api/v1/hospital/measurements/{row.pk}/findings").status_code == 404
    assert client.get(f"/lists/hospital_points.csv?file={row.pk}").status_code in (400, 404)


@pytest.mark.parametrize("name", ["inspector", "planner", "auditor", "laboratory"])
def test_enforcement_and_overseers_find_no_chart(enter: Any, cast: Cast, case: Case, name: str) -> None:
    row = kept(cast["expert"], case)
    assert enter(name).get(reverse("desk:hospital_chart", args=[row.pk])).status_code in (403, 404)


def test_every_sample_of_a_factory_is_previewed_or_refused_in_words(enter: Any, case: Case, shared: Path) -> None:
    client = enter("expert")
    folder = shared / "data/factory-files"
    samples = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix.lower() not in (".md", ".py")]
    assert samples
    for sample in samples:
        answer = send(client, case, sample.read_bytes(), sample.name)
        assert (answer.status_code, bool(answer.context.get("problems"))) in ((200, False), (400, True)), sample.name
