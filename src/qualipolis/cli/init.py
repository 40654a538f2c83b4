"""``qualipolis init``: a real city, with its units and codes and not one invented figure."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from qualipolis.cli.console import in_words, refuse, refuse_input, say
from qualipolis.cli.founding import DONGGUAN, Founding, described, dongguan, found
from qualipolis.cli.homes import HOME_HELP, open_home
from qualipolis.cli.locks import held
from qualipolis.cli.serve import migrate
from qualipolis.methods.problems import InputError, msg

LARGEST = 20 * 1024 * 1024


def init(
    city: Annotated[str, typer.Option(help=msg("The city's code, for example 441900 for Dongguan."))] = "",
    units: Annotated[Path | None, typer.Option(help=msg("Its table of units: code, name, kind (csv or xlsx)."))] = None,
    name_zh: Annotated[str, typer.Option(help=msg("The city's Chinese name."))] = "",
    name_en: Annotated[str, typer.Option(help=msg("The city's English name."))] = "",
    admin: Annotated[str, typer.Option(help=msg("User name of the first administrator."))] = "",
    year: Annotated[int | None, typer.Option(help=msg("The year of the draft indicator set."))] = None,
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
) -> None:
    """Start a real city: empty, with its own units and codes."""
    founding = _founding(city, units, name_zh, name_en)
    folder = open_home(home)
    with held(folder, alone=True):
        migrate()
        counts, person, secret = _make(founding, _administrator(admin), year)
    say(msg("%(city)s is ready in %(home)s:"), city=founding.name_zh, home=folder)
    for text, number in described(counts):
        say(text, n=number)
    say(msg("Administrator: %(name)s"), name=person.username)
    say(msg("Password for the first sign-in, shown only now: %(secret)s"), secret=secret)
    say(msg("Next: qualipolis serve --home %(home)s"), home=folder)


def _founding(city: str, units: Path | None, name_zh: str, name_en: str) -> Founding:
    """Return what to found, or say what is missing."""
    if units is None:
        if city not in ("", DONGGUAN[0]):
            refuse(msg("The units of %(city)s are not known here. Give its own table with --units FILE."), city=city)
        if not city:
            refuse(msg("Name the city: --city 441900, or --units FILE with --city CODE and --name-zh NAME."))
        return dongguan()
    if not city or not name_zh:
        refuse(msg("With --units also give --city CODE and --name-zh NAME."))
    if not units.is_file():
        refuse(msg("There is no file %(file)s."), file=units)
    if units.stat().st_size > LARGEST:
        refuse(msg("%(file)s is larger than a table of units can be."), file=units)
    return Founding(city, name_zh, name_en, units.read_bytes(), units.name)


def _administrator(name: str) -> str:
    if name:
        return name
    if not sys.stdin.isatty():
        return "admin"
    return str(typer.prompt(in_words(msg("User name of the first administrator")), default="admin"))


def _make(founding: Founding, admin: str, year: int | None) -> tuple[dict[str, int], Any, str]:
    """Found the city with its first administrator, all of it or nothing."""
    from django.core.exceptions import ValidationError
    from django.db import transaction
    from django.utils import timezone

    from qualipolis.city.core.checkpoints import make_checkpoint
    from qualipolis.city.core.policy import System
    from qualipolis.city.core.service import add_person, give_grant

    actor = System("init")
    try:
        with transaction.atomic():
            counts = found(actor, founding, year or timezone.localdate().year)
            person, secret = add_person(actor, None, username=admin)
            give_grant(actor, person, role="admin")
    except InputError as error:
        refuse_input(error)
    except ValidationError as error:
        refuse(msg("%(why)s"), why=" ".join(error.messages))
    make_checkpoint(actor)
    return counts, person, secret
