"""From a table of reports to signals: what was planted is found, what cannot be read is named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from qualipolis.lake.signals import Heard, listen, read_config, read_places, read_reports, write
from qualipolis.lake.signals.notes import notes_on
from qualipolis.lake.signals.page import _number as number_of
from qualipolis.methods.problems import InputError, msg

CONFIG = """
seed = 1
[columns]
date = "date"
product = "product"
hazard = "hazard"
place = "town"
[signals]
weeks = 3
[space]
file = "towns.csv"
id = "town"
x = "lon"
y = "lat"
simulations = 199
"""
TOWNS = "town,lon,lat\n" + "".join(f"T{i},{113 + 0.1 * (i % 3)},{22 + 0.1 * (i // 3)}\n" for i in range(9))


def reports_csv(planted: int = 9) -> bytes:
    """Two years of quiet reports; in the last week kettles in T4 give shocks."""
    rng = np.random.default_rng(12)
    days = np.datetime64("2023-01-02") + rng.integers(0, 728, 1500)
    products, hazards = ["kettle", "toy", "rice", "lamp"], ["shock", "lead", ""]
    rows = [f"{day},{rng.choice(products)},{rng.choice(hazards)},T{rng.integers(0, 9)}" for day in days]
    rows += [f"2024-12-{24 + i % 5},Kettle,shock,T4" for i in range(planted)]
    return ("date,product,hazard,town\n" + "\n".join(rows) + "\n").encode()


@pytest.fixture(scope="module")
def heard() -> Heard:
    config = read_config(CONFIG.encode(), "c.toml")
    places = read_places(TOWNS.encode(), config, name="towns.csv")
    return listen(read_reports(reports_csv(), config, name="reports.csv"), config, places)


def test_it_finds_what_was_planted_and_tells_by_what(heard: Heard) -> None:
    found = heard.latest.verdicts(("signal",))
    assert ("kettle", "shock", "T4") in [one.key for one in found]
    strongest = next(one for one in found if one.key == ("kettle", "shock", "T4"))
    assert {name for name, _ in strongest.spoke} >= {"series", "share", "space"}
    row = heard.keys.index(("kettle", "shock", "T4"))
    assert heard.since(row) == np.datetime64("2024-12-23")
    assert not any(key[0] == "toy" for key in (one.key for one in found))
    _, _, cluster = heard.clusters.found[0]
    assert (cluster.ids, cluster.periods) == (("T4",), ("2024-12-23", "2024-12-23"))


def test_it_calls_nothing_where_nothing_was_planted() -> None:
    config = read_config(CONFIG.encode(), "c.toml")
    quiet = listen(read_reports(reports_csv(0), config, name="reports.csv"), config)
    assert quiet.latest.verdicts(("signal",)) == ()
    assert np.isnan(quiet.clusters.p).all()


def test_what_nobody_stated_is_a_value_of_its_own(heard: Heard) -> None:
    assert any(key[1] == "not stated" for key in heard.keys)
    assert ("kettle", "shock", "") in heard.keys and ("Kettle", "shock", "") not in heard.keys
    assert ("", "shock", "") in heard.keys


def test_it_does_not_look_ahead() -> None:
    config = read_config((CONFIG + '[reading]\nuntil = "2024-12-08"\n').encode(), "c.toml")
    long = listen(read_reports(reports_csv(), config, name="r.csv"), config)
    rows = [one for one in reports_csv(0).decode().splitlines() if one < "2024-12-09" or one.startswith("date")]
    short = listen(read_reports("\n".join(rows).encode(), config, name="r.csv"), config)
    assert long.keys == short.keys
    assert np.array_equal(long.latest.p, short.latest.p, equal_nan=True)
    assert long.reports.later > 0


def test_it_writes_tables_page_and_record_that_agree(heard: Heard, tmp_path: Path) -> None:
    names = write(heard, tmp_path, {"reports.csv": reports_csv()}, "en")
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    told = json.loads((tmp_path / "signals.json").read_text(encoding="utf-8"))
    table = pl.read_csv(tmp_path / "signals.csv")
    signals = table.filter(pl.col("level") == "signal")
    assert told["levels"]["signal"] == signals.height > 0
    assert table.height == told["keys"] == sum(told["levels"].values())
    assert told["signals"][0]["why"] == table["why"][0]
    assert [week["week"] for week in told["weeks"]] == ["2024-12-09", "2024-12-16", "2024-12-23"]
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert record["seed"] == 1 and len(record["inputs"]["reports.csv"]["sha256"]) == 64
    page = (tmp_path / "signals.html").read_text(encoding="utf-8")
    assert "<script" not in page and "T4" in page and "What is unusual this week" in page
    again = tmp_path / "again"
    write(heard, again, {"reports.csv": reports_csv()}, "en")
    for name in ("signals.csv", "signals.json", "signals.xlsx", "signals.html"):
        assert (again / name).read_bytes() == (tmp_path / name).read_bytes()


def test_it_neither_runs_formulas_nor_markup(tmp_path: Path) -> None:
    config = read_config(b'[columns]\ndate = "date"\nproduct = "product"\nhazard = "hazard"', "c.toml")
    rows = "".join(f"2024-0{1 + i % 6}-0{1 + i % 7},=1+1,<script>x</script>\n" for i in range(60))
    rows += "2024-06-30,=1+1,<script>x</script>\n" * 30
    found = listen(read_reports(("date,product,hazard\n" + rows).encode(), config, name="r.csv"), config)
    write(found, tmp_path, {}, "zh")
    assert "<script>x" not in (tmp_path / "signals.html").read_text(encoding="utf-8")
    assert "'=1+1" in (tmp_path / "signals.csv").read_text(encoding="utf-8")


def test_counts_stand_for_several_reports_and_hazards_are_split() -> None:
    words = '[columns]\ndate = "d"\nproduct = "p"\nhazard = "h"\ncount = "n"\n[signals]\nlevels = ["pair"]'
    config = read_config(words.encode(), "c.toml")
    found = listen(read_reports(b"d,p,h,n\n2024-01-01,a,x;y,3\n2024-01-10,a,x,0\n", config, name="r.csv"), config)
    assert found.keys == (("a", "x", ""), ("a", "y", ""))
    assert found.counts.tolist() == [[3.0, 0.0], [3.0, 0.0]]


def test_it_names_every_cell_that_cannot_be_read() -> None:
    config = read_config(b'[columns]\ndate = "d"\nproduct = "p"\ncount = "n"', "c.toml")
    with pytest.raises(InputError) as caught:
        read_reports(b"d,p,n\n2024-13-45,a,1\n,b,2\n2024-01-02,c,-1\n2024-01-02,c,x\n", config, name="r.csv")
    found = [(problem.code, str(problem.place)) for problem in caught.value.problems]
    assert ("no_day", "r.csv, row 2, column A (d)") in found
    assert ("missing_day", "r.csv, row 3, column A (d)") in found
    assert ("bad_count", "r.csv, row 4, column C (n)") in found
    assert len(found) == 4
    with pytest.raises(InputError, match="no column"):
        read_reports(b"day,p\n2024-01-01,a\n", config, name="r.csv")
    with pytest.raises(InputError, match="one week"):
        plain = read_config(b'[columns]\ndate = "d"\nproduct = "p"', "c.toml")
        listen(read_reports(b"d,p\n2024-01-01,a\n", plain, name="r.csv"), plain)


def test_it_names_every_word_of_the_configuration_that_is_wrong() -> None:
    bad = b'sed = 1\nseed = "x"\n[columns]\nday = "d"\n[signals]\nalpha = 2\nvoices = ["radio"]\n[space]\nmodel = "q"\nx = 3'
    with pytest.raises(InputError) as caught:
        read_config(bad, "c.toml")
    assert len(caught.value.problems) == 7
    for words, why in ((b'"cusum"', "do not fit"), (b'"glr_poisson"\nstart = 4', "no p-value")):
        config = read_config(b"[series]\nmethod = " + words, "c.toml")
        with pytest.raises(InputError, match=why):
            listen(
                read_reports(b"date,product\n2024-01-01,a\n2024-03-01,a\n2024-06-01,a", config, name="r.csv"), config
            )


def test_a_table_of_places_is_checked() -> None:
    config = read_config(CONFIG.encode(), "c.toml")
    with pytest.raises(InputError, match="must be there and different"):
        read_places(b"town,lon,lat\nA,1,2\nA,2,3\n", config, name="towns.csv")
    with pytest.raises(InputError, match="no column"):
        read_places(b"town,lon\nA,1\n", config, name="towns.csv")


def test_a_week_in_which_nobody_could_report_is_no_zero() -> None:
    rows = "".join(f"2024-{1 + i // 28:02d}-{1 + i % 28:02d},a,x\n" for i in range(330) if not 258 <= i < 265)
    words = '[columns]\ndate = "date"\nproduct = "product"\nhazard = "hazard"\n[signals]\nlevels = ["pair"]\n'
    found = {}
    for missing in ("", '[reading]\nmissing = ["2024-10-09"]\n'):
        config = read_config((words + missing).encode(), "c.toml")
        heard = listen(read_reports(("date,product,hazard\n" + rows).encode(), config, name="r.csv"), config)
        found[missing] = float(heard.expected[0])
    assert found[""] < found['[reading]\nmissing = ["2024-10-09"]\n']
    with pytest.raises(InputError, match="no day"):
        config = read_config(b'[reading]\nmissing = ["May"]', "c.toml")
        listen(read_reports(b"date,product\n2024-01-01,a\n2024-03-01,a\n", config, name="r.csv"), config)


def test_it_needs_a_voice_that_can_speak() -> None:
    config = read_config(b'[columns]\ndate = "d"\nproduct = "p"\n[signals]\nvoices = ["space"]', "c.toml")
    with pytest.raises(InputError, match="no table of places"):
        listen(read_reports(b"d,p\n2024-01-01,a\n2024-03-01,a\n", config, name="r.csv"), config)


def test_a_text_in_the_place_of_a_name_is_refused_before_it_fills_the_memory() -> None:
    config = read_config(CONFIG.encode(), "c.toml")
    table = reports_csv() + f"2024-12-24,{'长' * 100_000},shock;{'x' * 301},T4\n".encode()
    with pytest.raises(InputError) as caught:
        read_reports(table, config, name="r.csv")
    assert [one.code for one in caught.value.problems] == ["long_name", "long_name"]
    assert sorted(one.params["length"] for one in caught.value.problems) == [301, 100_000]


def test_a_year_mistyped_is_noticed_by_the_silence_before_it() -> None:
    config = read_config(CONFIG.encode(), "c.toml")
    quiet = listen(read_reports(reports_csv(), config, name="r.csv"), config)
    slip = listen(read_reports(reports_csv() + b"2025-12-24,toy,lead,T1\n", config, name="r.csv"), config)
    words = "nobody reported anything: is the last day (2025-12-24) right?"
    assert any(words in note.said(msg) for note in notes_on(slip))
    assert not any("nobody reported" in note.said(msg) for note in notes_on(quiet))


def test_a_run_cut_off_leaves_no_record_of_the_run_before(heard: Heard, tmp_path: Path) -> None:
    write(heard, tmp_path, {}, "en")
    (tmp_path / "signals.xlsx").unlink()
    (tmp_path / "signals.xlsx").mkdir()
    with pytest.raises(OSError):
        write(heard, tmp_path, {}, "en")
    assert not (tmp_path / "run.json").exists()


def test_settings_the_detector_cannot_take_are_no_crash() -> None:
    words = CONFIG + '[series]\nmethod = "bayes"\nhalf_width = 2.5\n'
    config = read_config(words.encode(), "c.toml")
    with pytest.raises(InputError, match="half_width"):
        listen(read_reports(reports_csv(), config, name="r.csv"), config)


def test_the_page_writes_what_is_beyond_all_bounds_as_such() -> None:
    assert [number_of(one) for one in (float("inf"), float("nan"), None, 1.234)] == ["∞", "—", "—", "1.23"]
