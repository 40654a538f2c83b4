"""Q-DAS files: what they say is read, what they say wrongly is refused with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qualipolis.lake.factory import Bounds, read_measurements
from qualipolis.methods.problems import InputError

HEAD = "K0100 2\r\nK1001/1 P\r\nK2001/1 1\r\nK2002/1 bore\r\nK2001/2 2\r\nK2002/2 flat\r\n"


def refused(text: str, **options: object) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read_measurements(text.encode(), name="a.dfq", **options)
    return {p.code: str(p) for p in caught.value.problems}


def test_it_reads_keyed_values_with_their_dates(shared: Path) -> None:
    found = read_measurements(shared / "data/factory-files/aqdef/basicDfq_singlePart_threeCharacteristics.dfq")
    assert [c.readings.value.tolist() for c in found.characteristics] == [
        [1.6, 1.7, 1.8],
        [3.1, 3.2, 3.3],
        [4.6, 4.7, 4.8],
    ]
    first = found.characteristics[0]
    assert (first.nominal, first.lower, first.upper) == (1.5, 1.0, 2.0)
    assert str(first.readings.time[2]) == "2013-01-03T15:18:31.000000"
    assert found.parts[0].machine == "<machine_title1>"


def test_it_reads_lines_of_values_and_the_keys_after_them(shared: Path) -> None:
    found = read_measurements(shared / "data/factory-files/aqdef/testmeasures.dfq")
    bore, before = found.characteristics
    assert bore.readings.value.tolist() == [249.96, 249.83, 249.93, 249.88, 249.78]
    assert before.readings.value.tolist() == [249.57, 249.4, 249.49, 249.54, 249.34]
    assert list(bore.readings.further["K0053"]) == ["615 647"] * 4 + [""]
    assert list(bore.readings.operator) == ["49", "49", "50", "50", "50"]
    assert bore.readings.machine is None
    assert "K0080" in found.preview()


def test_it_counts_units_for_attributes(shared: Path) -> None:
    found = read_measurements(
        shared / "data/factory-files/aqdef/attributiveDfq_attributiveCharacteristic_and_errorLogSheet.dfq"
    )
    assert [c.kind for c in found.characteristics] == ["attribute", "errors"]
    assert [(c.readings.inspected[0], c.readings.value[0]) for c in found.characteristics] == [(1000, 1), (155000, 8)]


def test_it_knows_groups_and_parts(shared: Path) -> None:
    folder = shared / "data/factory-files/aqdef"
    tree = read_measurements(folder / "characteristicHierarchy_singlePart_twoChildCharacteristics_twoGroups.dfq")
    assert [c.group for c in tree.characteristics] == ["", "", "<group_3>", "<group_5>"]
    parts = read_measurements(folder / "multipleParts.dfq")
    assert [c.part for c in parts.characteristics] == ["1", "2"]


@pytest.mark.parametrize("name", ["gbk_two_characteristics.dfq", "utf8bom_two_characteristics.dfq"])
def test_the_same_file_in_two_encodings_says_the_same(shared: Path, name: str) -> None:
    bore, flat = read_measurements(shared / "data/factory-files/selfmade" / name).characteristics
    assert (bore.name, flat.name, list(bore.readings.batch)) == ("孔径", "平面度", ["批次A1", "批次A1", "批次A2"])
    assert flat.lower_natural
    assert not flat.upper_natural
    assert np.isnan(flat.readings.value[1])
    assert flat.readings.valid.tolist() == [True, False, True]
    assert list(bore.readings.event) == ["", "#4", ""]


def test_it_joins_description_and_values(tmp_path: Path) -> None:
    (tmp_path / "a.dfd").write_bytes(HEAD.encode())
    (tmp_path / "a.DFX").write_bytes(b"1,5\x140\x1412.03.2024/08:15:00\x0f2,5\r\n1.6\x0f2.6\r\n")
    for source in (tmp_path / "a.dfd", tmp_path / "a.DFX"):
        found = read_measurements(source)
        assert [c.readings.value.tolist() for c in found.characteristics] == [[1.5, 1.6], [2.5, 2.6]]
    given = read_measurements((tmp_path / "a.DFX").read_bytes(), name="a.dfx", companion=tmp_path / "a.dfd")
    assert given.count == 4


def test_values_without_description_are_refused() -> None:
    assert "DFD" in refused("1.5\x140\x0f2.5\x140\r\n")["no_description"]


def test_limits_count_from_the_nominal_value_where_only_allowances_are_given() -> None:
    text = "K0100 1\nK2002/1 d\nK2101/1 25,0\nK2112/1 -0,02\nK2113/1 0,03\n25,01\n"
    found = read_measurements(text.encode(), name="a.dfq").characteristics[0]
    assert (found.lower, found.upper, found.readings.value.tolist()) == (24.98, 25.03, [25.01])


def test_index_zero_holds_for_all_characteristics() -> None:
    found = read_measurements((HEAD + "K2142/0 mm\n1\x0f2\n").encode(), name="a.dfq")
    assert [c.unit for c in found.characteristics] == ["mm", "mm"]


@pytest.mark.parametrize(
    "text", ["12.03.2024/08:15:00", "12.3.24 8:15", "3/12/2024/08:15:00", "2024-03-12.08:15:00", "24-3-12/8:15"]
)
def test_the_forms_of_dates_mean_the_same(text: str) -> None:
    found = read_measurements(f"{HEAD}1\x140\x14{text}\x0f2\n".encode(), name="a.dfq")
    assert str(found.characteristics[0].readings.time[0]) == "2024-03-12T08:15:00.000000"


def test_every_wrong_value_is_reported_with_its_line() -> None:
    found = refused(HEAD + "1.5\x0fx2\n1.6\x140\x1499.99.2024\x0f2\n1\x0f2\x0f3\n")
    assert found["not_a_number"].startswith("a.dfq, row 7:")
    assert found["not_a_date"].startswith("a.dfq, row 8:")
    assert found["not_described"].startswith("a.dfq, row 9:")


def test_a_file_cut_off_in_its_last_line_is_refused() -> None:
    assert "cut off" in refused(HEAD + "1\x0f2\n1.6")["truncated"]


def test_contradicting_descriptions_are_refused() -> None:
    assert "K2110/1" in refused(HEAD + "K2110/1 1\nK2110/1 2\n1\x0f2\n")["twice"]


def test_unknown_keys_are_counted_with_their_first_line() -> None:
    preview = read_measurements((HEAD + "K9999/1 x\nK9999/2 y\n1\x0f2\n").encode(), name="a.dfq").preview()
    assert "2 line(s) under unknown keys" in preview
    assert "K9999 (7)" in preview


def test_western_text_is_not_taken_for_chinese_and_the_encoding_can_be_told() -> None:
    data = "K0100 1\nK2002/1 Länge\nK2142/1 µm\n1,5\n".encode("cp1252")
    found = read_measurements(data, name="a.dfq")
    assert (found.characteristics[0].name, found.characteristics[0].unit) == ("Länge", "µm")
    assert any(n.about == "assumed" and n.params["encoding"] == "cp1252" for n in found.understood)
    assert read_measurements(data, name="a.dfq", encoding="gb18030").origin.encoding == "gb18030"


def test_what_a_file_claims_costs_nothing() -> None:
    found = read_measurements(b"K0100 999999999\nK2002/888888888 far\nK0001/888888888 1\n", name="a.dfq")
    assert found.characteristics[0].key == "888888888"
    assert found.warnings[0].code == "announced"
    assert "at most" in refused(HEAD + "1\x0f2\n" * 9, bounds=Bounds(values=10))["too_many"]
