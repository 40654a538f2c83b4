"""Action priority of all 1,000 ratings against the recorded table, which is itself restated and to be checked."""

from __future__ import annotations

import pytest
from tests.golden.spc.reading import FOLDER, rows

from qualipolis.methods.spc.failure_modes import action_priority

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")


def test_every_rating_has_the_recorded_priority():
    table = rows("ap_table.csv")
    assert len(table) == 1000
    for row in table:
        assert action_priority(int(row["S"]), int(row["O"]), int(row["D"])) == row["AP"], row
