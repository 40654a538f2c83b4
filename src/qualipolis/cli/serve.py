"""``qualipolis serve``: the city's pages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
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


def when_answering(host: str, port: int, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the pages answer; False when the server ended before it did."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while server.poll() is None:
        connection = HTTPConnection(name, port, timeout=60)
        try:
            connection.request("GET", "/health/", headers={"Host": "localhost"})
            connection.getresponse()
        except OSError:
            sleep(0.1)
        else:
            return True
        finally:
            connection.close()
    return False


def run(host: str, port: int, workers: int = 2, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or Ctrl+C; beside the pages one process does the waiting tasks.

    The server is a process of its own: its workers are forks, and a fork of this process, whose libraries may have
    threads, could stand still for ever.
    """
    signal.signal(signal.SIGTERM, _stop)
    command = [sys.executable, "-m", "qualipolis.cli.server", host, str(port), str(workers)]
    server = subprocess.Popen(command)
    tasks = subprocess.Popen([sys.executable, "-m", "qualipolis.cli.worker"])
    try:
        if when_answering(host, port, server):
            ready()
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        for process in (server, tasks):
            process.terminate()
        for process in (server, tasks):
            process.wait(20)
    if server.returncode not in (0, -signal.SIGTERM, -signal.SIGINT):
        refuse(msg("The server stopped by itself with status %(status)s."), status=server.returncode)


def _stop(number: int, frame: object) -> None:
    raise KeyboardInterrupt
