"""Measurement files: looked through before they are kept, kept as they came, read as the doctors say."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.measurement_files import Given, kept, shifted, table

from qualipolis.city.core.attachments import path_of
from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.core.sentences import sentence
from qualipolis.city.hospital.measurements import arrivals, filing
from qualipolis.city.hospital.measurements.reading import Reading, notes_of
from qualipolis.city.hospital.models import MeasurementFile
from qualipolis.methods.problems import InputError

WIDE = "子组;X1;X2\n1;25,003;24,997\n2;<0,5;\n".encode("gb18030")


def waiting(cast: Cast, content: bytes, name: str = "a.csv", thing: str = "hospital.case:1") -> tuple[Any, str]:
    files, token = arrivals.receive(cast["enterprise"], thing, [Given(content, name)])
    return files, token


def test_it_puts_a_file_aside_for_its_sender_alone(cast: Cast) -> None:
    files, token = waiting(cast, b"1\n2\n")
    assert [f.name for f in arrivals.waiting(cast["enterprise"], "hospital.case:1", token)] == ["a.csv"]
    for person, thing in ((cast["expert"], "hospital.case:1"), (cast["enterprise"], "hospital.case:2")):
        with pytest.raises(InputError, match="not yours"):
            arrivals.waiting(person, thing, token)
    arrivals.discard(files)
    with pytest.raises(InputError, match="older than an hour"):
        arrivals.waiting(cast["enterprise"], "hospital.case:1", token)


def test_it_refuses_empty_and_large_files_and_leaves_nothing_behind(cast: Cast, home: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(arrivals, "LIMIT", 10)
    for content in (b"", b"x" * 11):
        with pytest.raises(InputError, match=r"empty|larger"):
            waiting(cast, content)
    assert list((home / "arriving").iterdir()) == []


def test_it_lets_the_oldest_go_when_one_person_sends_many(cast: Cast, home: Any) -> None:
    for _n in range(arrivals.MOST_WAITING + 5):
        waiting(cast, b"1\n")
    assert len(list((home / "arriving").iterdir())) <= arrivals.MOST_WAITING


def test_it_keeps_the_file_as_it_came_with_what_was_understood(cast: Cast) -> None:
    case = case_in(cast, "examining")
    row = kept(cast["enterprise"], case, WIDE, "孔径.csv")
    assert path_of(row.attachment.sha256).read_bytes() == WIDE
    assert (row.kind, row.attachment.name, row.summary["origin"]["encoding"]) == ("table", "孔径.csv", "gb18030")
    assert row.subgroup == 2
    assert any("gb18030" in note.text() for note in notes_of(row.summary))
    assert not list(arrivals._folder().iterdir())


def test_the_ledger_tells_numbers_and_no_names(cast: Cast) -> None:
    row = kept(cast["expert"], case_in(cast, "examining"), name="某某公司漏率.csv")
    told = [(e.payload, sentence(e)) for e in Event.objects.filter(thing=f"hospital.measurementfile:{row.pk}")]
    assert told
    assert "36" in told[0][1]
    assert "某某公司" not in repr(told) + repr(list(Event.objects.values_list("payload", flat=True)))


def test_what_the_person_says_stands_over_the_file(cast: Cast) -> None:
    row = kept(cast["expert"], case_in(cast, "examining"), lower=58.0, upper=None, subgroup=4, unit="K")
    assert (row.lower, row.upper, row.subgroup, row.unit) == (58.0, None, 4, "K")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"lower": 5.0, "upper": 4.0}, "below the upper"),
        ({"lower": float("inf")}, "not a number"),
        ({"subgroup": 51}, "1 to 50"),
        ({"rules": "mine"}, "not known"),
        ({"characteristic": "nothing"}, "no characteristic"),
    ],
)
def test_it_refuses_what_makes_no_sense(cast: Cast, how: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        kept(cast["expert"], case_in(cast, "examining"), **how)
    assert not MeasurementFile.objects.exists()


def test_a_broken_file_is_answered_with_place_and_remedy(cast: Cast) -> None:
    files, _token = waiting(cast, b"PK\x03\x04 not a workbook", "a.xlsx")
    with pytest.raises(InputError) as caught:
        filing.open_arrived(files)
    assert all(problem.remedy for problem in caught.value.problems)


def test_both_halves_of_a_pair_are_kept(cast: Cast) -> None:
    described = "K0100 1\nK1001/1 7\nK2001/1 1\nK2002/1 孔径\nK2142/1 mm\n"
    uploads = [Given(described.encode(), "a.dfd"), Given(b"25.003\n24.997\n25.001\n", "a.dfx")]
    files, _token = arrivals.receive(cast["expert"], "x", uploads)
    row = filing.upload(cast["expert"], case_in(cast, "examining"), files)
    assert row.companion is not None
    assert (row.kind, filing.open_kept(row).count) == ("aqdef", 3)


def test_only_who_takes_part_hands_files_in(cast: Cast) -> None:
    case = case_in(cast, "examining")
    for name in ("other_enterprise", "colleague", "inspector", "laboratory", "planner"):
        with pytest.raises(PermissionDenied):
            kept(cast[name], case)


def test_only_doctors_set_phases_and_instrument(cast: Cast) -> None:
    row = kept(cast["enterprise"], case_in(cast, "examining"))
    with pytest.raises(PermissionDenied):
        filing.set_phases(cast["enterprise"], row, [(21, "换油")])
    with pytest.raises(PermissionDenied):
        filing.choose_instrument(cast["enterprise"], row, {}, "ewma")
    assert filing.set_phases(cast["expert"], row, [(30, "b"), (21, " 换油 ")]).phases == [
        {"start": 21, "label": "换油"}, {"start": 30, "label": "b"}
    ]  # fmt: skip


@pytest.mark.parametrize("phases", [[(1, "a")], [(5, "a"), (5, "b")], [(n, "") for n in range(2, 23)]])
def test_it_refuses_phases_that_are_none(cast: Cast, phases: Any) -> None:
    row = kept(cast["expert"], case_in(cast, "examining"))
    with pytest.raises(InputError):
        filing.set_phases(cast["expert"], row, phases)


def test_nothing_is_changed_once_the_case_has_ended(cast: Cast) -> None:
    case = case_in(cast, "examining")
    row = kept(cast["expert"], case)
    case.status, case.ended_on = "closed", timezone.localdate()
    case.save()
    for attempt in (
        lambda: filing.set_reading(cast["expert"], row, lower=1.0),
        lambda: filing.set_phases(cast["expert"], row, [(3, "")]),
        lambda: filing.choose_instrument(cast["expert"], row, {}, "auto"),
        lambda: kept(cast["expert"], case),
    ):
        with pytest.raises(InputError, match="ended"):
            attempt()


def test_another_characteristic_brings_its_own_limits_and_loses_the_phases(cast: Cast) -> None:
    content = "批次,A,B\n下公差,1,2\n" + "".join(f"{n},{n}.5,{n}.25\n" for n in range(1, 9))
    row = kept(cast["expert"], case_in(cast, "examining"), content.encode(), lower=0.5)
    filing.set_phases(cast["expert"], row, [(4, "x")])
    other = next(one["key"] for one in row.summary["characteristics"] if one["key"] != row.characteristic)
    changed = filing.set_reading(cast["expert"], row, characteristic=other)
    assert (changed.characteristic, changed.phases) == (other, [])
    assert changed.lower != 0.5


def test_a_limit_of_none_is_no_limit_and_the_rest_stays(cast: Cast) -> None:
    row = kept(cast["expert"], case_in(cast, "examining"), lower=58.0, upper=70.0)
    filing.set_phases(cast["expert"], row, [(9, "x")])
    changed = filing.set_reading(cast["expert"], row, upper=None, characteristic=row.characteristic, unit="K")
    assert [one["start"] for one in changed.phases] == [9]
    assert (changed.lower, changed.upper) == (58.0, None)
    with pytest.raises(InputError):
        filing.set_reading(cast["expert"], row, upper=57.0)


def test_a_file_is_seen_with_its_case(cast: Cast) -> None:
    kept(cast["expert"], case_in(cast, "examining"))
    seen = {name: visible(cast[name], MeasurementFile.objects.all()).exists() for name in cast.people}
    assert seen["enterprise"]
    assert seen["expert"]
    assert seen["hospital_manager"]
    assert not any(seen[name] for name in ("other_enterprise", "inspector", "planner", "auditor", "laboratory"))


def test_known_words_of_reading_alone_are_taken() -> None:
    assert Reading.of({"encoding": "gbk", "decimal": ",", "layout": "x", "sheet": "a" * 300}) == Reading(
        "gbk", ",", "a" * 120, "auto"
    )
    assert table(shifted())[:6]
