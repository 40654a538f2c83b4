"""A GeoJSON file gives each unit its centroid and its square on the cartogram."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import System
from qualipolis.city.registry import service
from qualipolis.city.registry.geography import Placed, grid
from qualipolis.city.registry.models import Unit
from qualipolis.law.validators import UNITS
from qualipolis.methods.problems import InputError


def square(code: str, x: float, y: float) -> dict:
    ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: dict) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def towns(db):
    for code in ("T1", "T2"):
        Unit.objects.create(code=code, name_zh=code, kind="town")


def test_it_places_the_units_and_records_one_event(towns):
    data = collection(square("T1", 113.0, 23.0), square("T2", 113.2, 23.0))
    assert service.import_map(System(), None, data, "map.geojson") == {"placed": 2, "without_place": 0}
    west, east = Unit.objects.order_by("code")
    assert west.longitude == pytest.approx(113.05)
    assert (west.grid_row, east.grid_row) == (0, 0)
    assert west.grid_column < east.grid_column
    assert Event.objects.get().verb == "registry.import_map"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not json", "not_geojson"),
        (b'{"features": 3}', "not_geojson"),
        (collection(), "empty"),
        (collection(square("T9", 1, 1)), "unknown_unit"),
        (collection(square("T1", 1, 1), square("T1", 2, 2)), "duplicate"),
        (collection(square("T1", 500, 1)), "bad_shape"),
        (collection({"properties": {"code": "T1"}, "geometry": {"type": "Point", "coordinates": [1, 1]}}), "bad_shape"),
    ],
)
def test_it_says_what_cannot_be_placed_and_changes_nothing(towns, data, code):
    with pytest.raises(InputError) as caught:
        service.import_map(System(), None, data, "map.geojson")
    assert [problem.code for problem in caught.value.problems] == [code]
    assert not Unit.objects.exclude(grid_row=None).exists()


@given(st.lists(st.tuples(st.floats(73, 135), st.floats(18, 53)), min_size=1, max_size=60))
def test_it_gives_every_unit_a_square_of_its_own(places):
    cells = grid([Placed(str(number), x, y) for number, (x, y) in enumerate(places)])
    assert len({(cell.row, cell.column) for cell in cells}) == len(places)
    assert min(cell.row for cell in cells) == 0 == min(cell.column for cell in cells)


def test_it_reads_the_real_boundaries_of_a_city(shared, db):
    for unit in UNITS.values():
        Unit.objects.create(code=unit.code, name_zh=unit.zh, kind="town", assessed=unit.assessed)
    data = (shared / "data" / "dongguan_towns" / "dongguan_towns.geojson").read_bytes()
    assert service.import_map(System(), None, data, "dongguan.geojson") == {"placed": 32, "without_place": 1}
    assert Unit.objects.get(code="441900003").longitude == pytest.approx(113.80535, abs=0.02)
