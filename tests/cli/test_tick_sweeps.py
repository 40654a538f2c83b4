"""``qualipolis tick`` runs every sweep of supervision sampling."""

from __future__ import annotations

import pytest
from django.utils import timezone

from qualipolis.city.core import sweeps

SUPERVISION = ("supervise.marks", "supervise.recount", "supervise.results", "supervise.take_down_due")


@pytest.mark.django_db
@pytest.mark.parametrize("name", SUPERVISION)
def test_the_round_of_tick_calls_each_sweep_with_its_moment(name, monkeypatch):
    now, heard = timezone.now(), []
    monkeypatch.setitem(sweeps.SWEEPS, name, lambda moment: heard.append(moment) or 3)
    assert sweeps.run_sweeps(now)[name] == 3 and heard == [now]


def test_every_sweep_of_supervision_is_registered():
    assert tuple(sorted(name for name in sweeps.SWEEPS if name.startswith("supervise."))) == SUPERVISION
