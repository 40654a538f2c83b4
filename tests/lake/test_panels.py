"""Two tables with a column of years become a panel, or every mistake is said at its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qualipolis.lake.grids import Source
from qualipolis.lake.panels import PanelTables, open_panel
from qualipolis.methods.composite import DEFAULT_PIPELINE, run_panel
from qualipolis.methods.problems import InputError

META = "code,parent,denominator\na,X,\nb,X,people\nX,,\n"
DATA = """unit,name,year,group:size,denominator:people,a,b
u,甲镇,2024,大,10,1,5
v,乙镇,2024,小,20,2,
u,甲镇,2023,大,10,3,4
w,丙镇,2023,小,30,1,6
"""


def panel(data: str = DATA, meta: str = META) -> PanelTables:
    return open_panel(Source("meta.csv", meta.encode()), Source("data.csv", data.encode()))


def test_years_are_in_order_and_a_unit_without_a_row_is_absent() -> None:
    found = panel().panel
    assert (found.times, found.units, found.codes) == ((2023, 2024), ("u", "w", "v"), ("a", "b"))
    assert found.present.tolist() == [[True, True, False], [True, False, True]]
    assert found.year(2023).units == ("u", "w")
    np.testing.assert_array_equal(found.values[1], [[1, 5], [np.nan, np.nan], [2, np.nan]])
    assert found.groups["size"][1].tolist() == ["大", None, "小"]
    assert found.denominators["people"][0].tolist()[:2] == [10, 30]
    assert found.names["w"] == "丙镇"


def test_it_is_ready_to_be_scored(tmp_path: Path) -> None:
    (tmp_path / "meta.csv").write_text(META, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="gb18030")
    tables = open_panel(tmp_path / "meta.csv", str(tmp_path / "data.csv"))
    result = run_panel(DEFAULT_PIPELINE, tables.framework, tables.panel, scale="pooled")
    assert result.ranks("X").shape == (2, 3)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (DATA.replace("乙镇,2024", "乙镇,"), "data.csv, row 3, column C (year)"),
        (DATA.replace("w,丙镇,2023,小,30,1,6", "u,丙镇,2023,小,30,one,6"), "data.csv, row 5, column A (unit)"),
        (DATA.replace("w,丙镇,2023,小,30,1,6", "u,丙镇,2023,小,30,one,6"), "data.csv, row 5, column F (a)"),
        (DATA.replace(",year,", ",note,"), "data.csv"),
    ],
)
def test_every_mistake_is_said_at_its_place(data: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        panel(data)
    assert place in [str(problem.place) for problem in caught.value.problems]


def test_a_fault_of_the_framework_is_said_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        panel(meta=META.replace("a,X,", "a,Y,"))
    words = [str(problem) for problem in caught.value.problems]
    assert len(words) == len(set(words))
    with pytest.raises(InputError, match="no such file"):
        open_panel(tmp_path / "none.csv", tmp_path / "none.csv")
