"""Run by the test of kill -9: processes of one home are killed at the worst moments, and the home is looked at."""

from __future__ import annotations

import json
import os
import signal
import traceback
from collections.abc import Callable
from datetime import date
from unittest import mock

import django

POINTS = {
    "qualipolis.city.assess.run.insert_rows": "run",
    "qualipolis.city.assess.releases.flush": "publish",
    "qualipolis.city.assess.service.record": "publish",
}


def apart(work: Callable[[], object]) -> int:
    """Do ``work`` in a process of its own and return how it ended."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def prepare() -> None:
    """A city with a decided assessment."""
    from django.core.management import call_command
    from tests.city.assess.conftest import VALUES
    from tests.city.measure.cast import SYSTEM, locked_round, make_cast, tiny_set

    from qualipolis.city.assess import service

    call_command("migrate", verbosity=0)
    make_cast(4)
    made = service.run(SYSTEM, locked_round(tiny_set(), VALUES), seed=1, replicates=50)
    service.decide(SYSTEM, service.preview(SYSTEM, made), "质领〔2022〕1号", date(2022, 4, 1))


def act(verb: str) -> None:
    """Assess again, or publish."""
    from tests.city.measure.cast import SYSTEM

    from qualipolis.city.assess import service
    from qualipolis.city.assess.models import Assessment
    from qualipolis.city.measure.models import CollectionRound

    if verb == "publish":
        release = service.publish(SYSTEM, Assessment.objects.get())
        assert service.verify(release).ok
    else:
        service.run(SYSTEM, CollectionRound.objects.get(), seed=2, replicates=50)


def die_at(point: str, verb: str) -> None:
    """Take a verb and be killed on the way."""
    with mock.patch(point, lambda *_a, **_k: os.kill(os.getpid(), signal.SIGKILL)):
        act(verb)


def look() -> dict[str, object]:
    """What stands in the database."""
    from qualipolis.city.assess.models import Assessment, NodeScore, Release, ScoreCard
    from qualipolis.city.core.models import Event
    from qualipolis.city.core.verification import verify_ledger

    counted = {model.__name__: model.objects.count() for model in (Assessment, ScoreCard, NodeScore, Event)}
    status = list(Assessment.objects.values_list("status", flat=True))
    return counted | {"status": status, "releases": Release.objects.count(), "ledger": verify_ledger().holds}


def main() -> None:
    """Prepare, kill at each point, then go through once."""
    django.setup()
    if apart(prepare):
        raise SystemExit("the city could not be prepared")
    found: dict[str, object] = {"before": look()}
    for point, verb in POINTS.items():
        status = apart(lambda point=point, verb=verb: die_at(point, verb))
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        found[point] = ["killed" if killed else f"ended with {status}", look()]
    if apart(lambda: act("publish")):
        raise SystemExit("the publication did not go through afterwards")
    print(json.dumps(found | {"after": look()}))


if __name__ == "__main__":
    main()
