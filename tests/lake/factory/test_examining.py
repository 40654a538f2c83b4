"""From what a file said to findings: every sample is examined or refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from qualipolis.lake.factory import read_measurements
from qualipolis.lake.factory.examining import examine
from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.capability import Specification
from qualipolis.methods.spc.findings import sentences

SAMPLES = (
    "aqdef/attributiveDfq_attributiveCharacteristic_and_errorLogSheet.dfq", "aqdef/basicDfq_singlePart_threeCharacteristics.dfq",
    "aqdef/characteristicHierarchy_singlePart_twoChildCharacteristics_twoGroups.dfq", "aqdef/multipleParts.dfq",
    "aqdef/testmeasures.dfq", "qif/mitutoyo_statistics_sample.QIF", "qif/mitutoyo_statistics_userdefined_grr_sample.QIF",
    "selfmade/gbk_wide.csv", "selfmade/gbk_two_characteristics.dfq", "selfmade/utf8bom_two_characteristics.dfq",
)  # fmt: skip


def csv(rows: list[str]) -> bytes:
    return "\n".join(rows).encode()


def test_every_sample_is_examined_or_refused_in_words(shared: Path) -> None:
    folder = shared / "data" / "factory-files"
    examined = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        try:
            found = examine(read_measurements(path))
        except InputError as error:
            assert all(problem.what and problem.remedy for problem in error.problems), path.name
            continue
        for one in found.found:
            json.dumps(one.to_dict(), allow_nan=False)
            assert sentences(one)[0].kind == "headline"
        examined.append(path.relative_to(folder).as_posix())
    assert set(SAMPLES) <= set(examined)
    assert not [name for name in examined if name.startswith("dcc/")]


def test_pieces_across_a_row_are_subgroups_and_limits_of_the_file_hold() -> None:
    rng = np.random.default_rng(1)
    rows = [
        "subgroup,X1,X2,X3,X4",
        *(f"{i + 1}," + ",".join(f"{v:.3f}" for v in rng.normal(10, 1, 4)) for i in range(30)),
    ]
    found = examine(read_measurements(csv(rows), name="a.csv"), specifications={"": Specification(5, 15)}).found[0]
    assert found.instrument == "xbar_r" and len(found.charts[0]) == 30
    assert found.specification == Specification(5, 15)


def test_parts_operators_and_trials_make_a_gauge_study() -> None:
    rng = np.random.default_rng(1)
    rows = ["part,operator,trial,value"]
    rows += [f"{p},{o},{t},{p + rng.normal(0, 0.05):.3f}" for p in range(1, 9) for o in "AB" for t in (1, 2)]
    found = examine(read_measurements(csv(rows), name="g.csv")).found[0]
    assert found.gauge is not None and found.gauge.sizes == (8, 2, 2)


def test_of_many_characteristics_the_worst_are_told_and_all_are_in_the_overview() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(10, 1, (60, 20))
    x[30:, 7] += 6
    rows = [",".join(f"C{chr(65 + i)}x" for i in range(20)), *(",".join(f"{v:.3f}" for v in row) for row in x)]
    measured = read_measurements(csv(rows), name="m.csv", layout="columns")
    found = examine(measured, specifications={"": Specification(4, 16)})
    assert found.overview is not None and len(found.overview) == 20 and found.left == 14
    assert "CHx" in [one.name for one in found.found]
    assert [one.name for one in examine(measured, characteristic="CBx").found] == ["CBx"]


@pytest.mark.parametrize("asked", [{"characteristic": "none"}, {"specifications": {"none": Specification(1, 2)}}])
def test_a_characteristic_that_is_not_there_is_refused(asked: dict[str, object]) -> None:
    measured = read_measurements(b"a\n1\n2\n3\n", name="a.csv")
    with pytest.raises(InputError) as caught:
        examine(measured, **asked)  # type: ignore[arg-type]
    assert caught.value.problems[0].code == "no_characteristic"
