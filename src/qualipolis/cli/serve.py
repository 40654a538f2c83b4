"""``qualipolis serve``: the city's pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Annotated

import typer

from qualipolis.cli.console import refuse, say
from qualipolis.cli.homes import DEMO_LOGIN, HOME_HELP, is_made, open_home
from qualipolis.methods.problems import msg


def serve(
    home: Annotated[Path | None, typer.Option(help=HOME_HELP)] = None,
    host: Annotated[str, typer.Option(help=msg("The address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help=msg("The port to listen on."))] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help=msg("How many processes answer."))] = 2,
) -> None:
    """Serve the city's pages."""
    os.environ.pop(DEMO_LOGIN, None)
    folder = open_home(home)
    if not is_made(folder):
        refuse(msg("There is no city in %(home)s yet. Start one with: qualipolis init"), home=folder)
    migrate()
    refuse_synthetic_elsewhere(host)
    if not port_is_free(host, port):
        refuse(msg("Port %(port)s is already in use. Choose another with --port."), port=port)
    words = msg("Serving %(home)s at %(address)s. Stop with Ctrl+C.")
    run(host, port, workers, lambda: say(words, home=folder, address=address(host, port)))


def migrate(verbosity: int = 0) -> None:
    """Bring the tables to what this version needs."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=verbosity)


def refuse_synthetic_elsewhere(host: str) -> None:
    """A synthetic city is served with a warning when others can reach it; its figures must not be taken for real."""
    from qualipolis.city.core.queries import city

    served = city()
    if served is None:
        refuse(msg("There is no city in this database yet. Start one with: qualipolis init"))
    if served.synthetic and host not in ("127.0.0.1", "localhost", "::1"):
        say(msg("Warning: this city is synthetic. Its pages say so; do not take its figures for real."), error=True)


def address(host: str, port: int) -> str:
    """Return what to type into a browser."""
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104
    return f"http://{shown}:{port}/"


def port_is_free(host: str, port: int) -> bool:
    """Whether nobody listens on the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def when_answering(host: str, port: int, ready: Callable[[], None]) -> None:
    """Call ``ready`` once the pages answer; give up after a minute."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    for _attempt in range(300):
        try:
            connection = HTTPConnection(name, port, timeout=30)
            connection.request("GET", "/health/", headers={"Host": "localhost"})
            connection.getresponse()
        except OSError:
            sleep(0.2)
        else:
            ready()
            return
        finally:
            connection.close()


def run(host: str, port: int, workers: int = 2, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or Ctrl+C; beside the pages one process does the waiting tasks."""
    from granian import Granian
    from granian.constants import Interfaces

    Thread(target=when_answering, args=(host, port, ready), daemon=True).start()
    tasks = subprocess.Popen([sys.executable, "-m", "qualipolis.cli.worker"])
    try:
        Granian(
            "qualipolis.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            websockets=False,
            log_level="warning",
            respawn_failed_workers=True,
            workers_kill_timeout=10,
        ).serve()
    finally:
        tasks.terminate()
        tasks.wait(10)
