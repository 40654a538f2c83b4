"""The week of 2020-10-12 on the alerts of 2020 alone: ethylene oxide is a signal among everything that is judged."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from qualipolis.lake.signals import listen, read_config, read_reports

CONFIG = b"""
[columns]
date = "Date of Case"
report = "Reference"
product = "Product Category"
hazard = "Hazard Substance"
[reading]
until = "2020-10-18"
[signals]
weeks = 6
"""


def test_ethylene_oxide_is_a_signal_three_weeks_before_its_peak(shared: Path) -> None:
    content = gzip.decompress((shared / "data" / "rasff_2020_2024" / "rasff.csv.gz").read_bytes())
    config = read_config(CONFIG, "signal.toml")
    heard = listen(read_reports(content, config, name="rasff.csv"), config)
    rows = [i for i, key in enumerate(heard.keys) if "ethylene oxide" in key[1] and not key[0]]
    assert heard.weeks[-1] == np.datetime64("2020-10-12")
    assert "signal" in heard.latest.level[rows]
    assert heard.latest.tests > 1000
    assert (heard.latest.level == "signal").sum() < 0.02 * heard.latest.tests
    before = [week.level[rows] for week in heard.judged[:-1]]
    assert not any((levels == "signal").any() for levels in before)
