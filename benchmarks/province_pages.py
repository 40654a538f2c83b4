"""Server times of the pages people open first, over a province of 1,600 units, and of an assessment with 1,000 replicates.

Run: .venv/bin/python benchmarks/province_pages.py [--home DIR] [--profile PATH]
Without --home, or when nothing is there, the province demo is built first (a minute or two). Each page is asked for by
Django's own client: what is measured is the server's work, first with cold caches, then again.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import pstats
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LIMIT = 1.0
RUN_LIMIT = 5.0
SIGNED_IN = {
    "my work": "/desk/",
    "overview": "/desk/overview/",
    "ranking": "/desk/ranking/",
    "ranking as a table": "/desk/ranking/?view=table",
    "quadrant": "/desk/quadrant/",
    "town": "/desk/towns/{town}/",
    "indicator": "/desk/indicators/PQ01/",
    "round": "/desk/rounds/{round}/",
    "search": "/desk/search/?q=tx",
    "enterprises": "/desk/registry/enterprises/",
    "releases": "/desk/releases/",
    "release": "/desk/releases/{release}/",
}
PUBLIC = {
    "public home": "/",
    "public ranking": "/towns/",
    "public town": "/towns/{town}/",
    "public indicators": "/indicators/",
    "public indicator": "/indicators/PQ01/",
    "public release": "/releases/{release}/",
    "open data": "/open-data/",
}


def main() -> None:
    """Build or reuse the province, measure, print; end with 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var/demo-province"))
    parser.add_argument("--profile", default="", help="a page whose slow spots are printed")
    parser.add_argument("--no-run", action="store_true", help="leave the assessment out")
    asked = parser.parse_args()
    program = Path(sys.executable).parent / "qualipolis"
    subprocess.run([program, "demo", "--no-serve", "--scale", "province", "--home", asked.home], check=True)

    from qualipolis.cli.homes import open_home

    open_home(asked.home, demo=True)
    slow = pages()
    if asked.profile:
        profile(asked.profile)
    if not asked.no_run and assessment() > RUN_LIMIT:
        slow.append("assessment")
    if slow:
        raise SystemExit(f"over the limit: {', '.join(slow)}")


def places() -> dict[str, str]:
    """Return the arguments of the addresses."""
    from qualipolis.city.assess.models import Release
    from qualipolis.city.measure.models import CollectionRound
    from qualipolis.city.registry.models import Unit

    town = Unit.objects.filter(assessed=True).values_list("code", flat=True)[0]
    last = CollectionRound.objects.order_by("-period").values_list("pk", flat=True)[0]
    return {"town": town, "round": str(last), "release": Release.objects.order_by("-pk")[0].number}


def visitor(role: str = "") -> Any:
    """Return a client, signed in as the role if there is one."""
    from django.test import Client

    from qualipolis.city.core.models import Person

    client = Client(HTTP_HOST="localhost")
    if role:
        person = Person.objects.get(demo_role=role)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages() -> list[str]:
    """Time every page twice, cold and warm; return the names of those over the limit when cold."""
    from django.core.cache import cache

    where, slow = places(), []
    print(f"{'page':<22}{'first s':>9}{'again s':>9}{'html kB':>9}{'gzip kB':>9}")
    for role, addresses in (("planner", SIGNED_IN), ("", PUBLIC)):
        client = visitor(role)
        client.get("/about/")
        for name, address in addresses.items():
            cache.clear()
            (cold, html), (warm, _) = timed(client, address.format(**where)), timed(client, address.format(**where))
            sizes = f"{len(html) / 1e3:>9.0f}{len(gzip.compress(html)) / 1e3:>9.0f}"
            print(f"{name:<22}{cold:>9.2f}{warm:>9.2f}{sizes}{'  <- over' if cold > LIMIT else ''}", flush=True)
            slow += [name] if cold > LIMIT else []
    return slow


def timed(client: Any, address: str) -> tuple[float, bytes]:
    """Return the seconds of one answer and its body."""
    began = time.perf_counter()
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    spent = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    return spent, body


def profile(address: str) -> None:
    """Print where the time of a page goes."""
    client = visitor("planner")
    client.get("/about/")
    with cProfile.Profile() as spent:
        client.get(address.format(**places()))
    pstats.Stats(spent).sort_stats("cumulative").print_stats(45)


def assessment() -> float:
    """Time the computation of the last release once more, with 1,000 replicates and nothing written."""
    from django.db import transaction

    from qualipolis.city.assess import service
    from qualipolis.city.assess.models import Release
    from qualipolis.city.core.policy import System

    found = Release.objects.order_by("-pk")[0].assessment.round
    with transaction.atomic():
        began = time.perf_counter()
        made = service.run(System("benchmark"), found, seed=1, replicates=1000)
        spent = time.perf_counter() - began
        units = made.cards.count()
        transaction.set_rollback(True)
    print(f"{'assessment':<22}{spent:>9.2f}   {units} units, 1,000 replicates, cards and scores written")
    return spent


if __name__ == "__main__":
    main()
