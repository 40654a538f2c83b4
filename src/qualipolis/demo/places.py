"""The units of the synthetic place: towns, subdistricts, a park; their codes, sizes and the planted blemishes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from qualipolis.demo import words
from qualipolis.demo.scale import YEARS, Scale
from qualipolis.demo.streams import apportion, stream

_POPULATION = {"large": 3.0, "medium": 1.3, "small": 0.6, "subdistrict": 1.6, "park": 0.5}
_FIRMS = {"large": 3.2, "medium": 1.5, "small": 0.6, "subdistrict": 0.9, "park": 0.9}
_SERIAL = {"subdistrict": 1, "town": 101, "park": 401}


@dataclass(frozen=True)
class Places:
    """Units and what is planted in them.

    ``key[u, t]`` is the number whose random stream unit ``u`` uses in year ``t``: its own, but for the twin, which in
    the last year uses that of the unit it ties with. ``firm_key`` does the same for firms.
    """

    frame: pl.DataFrame
    cities: pl.DataFrame
    firms: np.ndarray
    population: np.ndarray
    key: np.ndarray
    firm_key: np.ndarray
    twins: tuple[int, int]
    tiny: int
    late: tuple[int, int]
    incident: int

    @property
    def count(self) -> int:
        return self.frame.height

    @property
    def movable(self) -> np.ndarray:
        """Units whose counts may be moved to reach a published total: all but the twins."""
        free = np.ones(self.count, dtype=bool)
        free[list(self.twins)] = False
        return free


def make_places(seed: int, scale: Scale) -> Places:
    """Return the units with their sizes."""
    cities, frame = _frame(seed, scale)
    n = frame.height
    group = frame["peer_group"].to_list()
    rng = stream(seed, "places")
    noise = np.exp(rng.normal(0, 0.25, (2, n)))
    firm_weight = np.array([_FIRMS[g] for g in group]) * noise[0]
    people_weight = np.array([_POPULATION[g] for g in group]) * noise[1]
    smalls = [u for u in range(n) if group[u] == "small"]
    mediums = [u for u in range(n) if group[u] == "medium"]
    tiny = smalls[-1]
    first, second, slow, incident = (mediums[i] for i in (4, 7, 1, 9))
    firm_weight[tiny], people_weight[tiny] = 0.03 * firm_weight.mean(), 0.05 * people_weight.mean()
    firm_weight[second], people_weight[second] = firm_weight[first], people_weight[first]
    firms = apportion(firm_weight, scale.enterprises, least=6)
    spare = firms[second] - firms[first]
    firms[second] = firms[first]
    firms[int(np.argmax(firms))] += spare
    growth = 1 + 0.012 * (np.arange(len(YEARS)) - len(YEARS) + 1)
    population = np.rint(people_weight / people_weight.sum() * scale.population)[:, None] * growth
    key = np.repeat(np.arange(n)[:, None], len(YEARS), axis=1)
    key[second, -1] = first
    firm_key = np.arange(n)
    firm_key[second] = first
    return Places(
        frame=frame,
        cities=cities,
        firms=firms,
        population=np.rint(population),
        key=key,
        firm_key=firm_key,
        twins=(first, second),
        tiny=tiny,
        late=(slow, smalls[1]),
        incident=incident,
    )


def _frame(seed: int, scale: Scale) -> tuple[pl.DataFrame, pl.DataFrame]:
    size = apportion(np.exp(stream(seed, "cities").normal(0, 0.2, scale.cities)), scale.units, least=12)
    size = np.array([scale.units]) if scale.cities == 1 else size
    rows = []
    for number in range(scale.cities):
        towns = words.TOWNS if scale.cities == 1 else _towns(seed, number, int(size[number]))
        next_code = dict(_SERIAL)
        for zh, en, kind, group, row, column in towns:
            code = f"{990100 + 100 * number}{next_code[kind]:03d}"
            next_code[kind] += 1
            rows.append((code, zh, en, kind, group, row, column, number))
    names = ["code", "name_zh", "name_en", "kind", "peer_group", "grid_row", "grid_column", "city"]
    cities = pl.DataFrame(
        {
            "code": [str(990100 + 100 * i) for i in range(scale.cities)],
            "name_zh": [zh for zh, _ in words.CITIES[: scale.cities]],
            "name_en": [en for _, en in words.CITIES[: scale.cities]],
        }
    )
    return cities, pl.DataFrame(rows, schema=names, orient="row").with_columns(synthetic=pl.lit(True))


def _towns(seed: int, city: int, size: int) -> list[tuple[str, str, str, str, int, int]]:
    """Towns of one city of the province: drawn names, kinds in the proportions of the city scale, a square grid."""
    rng = stream(seed, "towns", city)
    heads, tails = list(words.HEADS), list(words.TAILS)
    picks = rng.choice(len(heads) * len(tails), size=size, replace=False)
    side = int(np.ceil(np.sqrt(size)))
    suffix = {"town": "镇", "subdistrict": "街道", "park": "园区"}
    towns = []
    for position, pick in enumerate(picks):
        _, _, kind, group, _, _ = words.TOWNS[(position * 7) % len(words.TOWNS)]
        head, tail = heads[pick // len(tails)], tails[pick % len(tails)]
        english = words.HEADS[head] + words.TAILS[tail] + (" Park" if kind == "park" else "")
        towns.append((head + tail + suffix[kind], english, kind, group, position // side, position % side))
    return towns
