"""``qualipolis tick``: what is due now. Run it from cron or a systemd timer, every few minutes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.console import refuse, say
from qualipolis.cli.homes import HOME_HELP, choose_home, is_made, open_home
from qualipolis.methods.problems import msg


def tick(
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help=msg("Say only what went wrong."))] = False,
) -> None:
    """Do what is due now: deadlines, waiting tasks, a signed checkpoint."""
    if not is_made(choose_home(home)):
        refuse(msg("There is no city in %(home)s."), home=choose_home(home))
    open_home(home)
    from django.core.management import call_command
    from django.utils import timezone

    from qualipolis.city.core.checkpoints import make_checkpoint
    from qualipolis.city.core.policy import System
    from qualipolis.city.core.sweeps import run_sweeps

    done = run_sweeps(timezone.now())
    call_command("db_worker", queue_name="*", batch=True, verbosity=0)
    call_command("clearsessions")
    signed = make_checkpoint(System("tick"))
    failed = {name: what for name, what in done.items() if isinstance(what, Exception)}
    for name, what in failed.items():
        say(msg("%(name)s failed: %(why)s"), error=True, name=name, why=what)
    if not quiet:
        for name, what in done.items():
            if name not in failed:
                say(msg("%(name)s: %(n)s"), name=name, n=what)
        say(msg("The ledger is signed to event %(seq)s."), seq=signed.seq if signed else 0)
    if failed:
        raise typer.Exit(1)
