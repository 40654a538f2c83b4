"""qualipolis demo and serve: built once, found again, served to this machine alone, ended in good order."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from tests.cli.commands import RUN, demo_home, dongguan, environment, qualipolis

from qualipolis.cli import demo, serve


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(demo_home(), tmp_path_factory.mktemp("demo") / "home")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The demo, serving."""
    port = free_port()
    yield from _serving("demo", "--home", home, "--port", port, port=port)


def _serving(*args: object, port: int, **env: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    line = [sys.executable, "-c", RUN, *map(str, args)]
    process = subprocess.Popen(line, env=environment(**env), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        _wait(port, process)
        yield process, port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not start")


def status(port: int, path: str, **headers: str) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        return int(urllib.request.urlopen(request, timeout=20).status)
    except urllib.error.HTTPError as error:
        return int(error.code)


def test_it_serves_the_roles_to_this_machine_and_to_no_proxy(served) -> None:
    _process, port = served
    assert status(port, "/") == 200
    assert status(port, "/account/demo/") == 200
    assert status(port, "/account/demo/", **{"X-Forwarded-For": "127.0.0.1"}) == 404
    assert status(port, "/account/demo/", Host="quality.example.cn") == 400
    assert status(port, "/static/dist/main.css") == 200


def test_it_ends_in_good_order_with_all_its_processes(served) -> None:
    process, port = served
    children = subprocess.run(
        ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) in (0, -signal.SIGTERM)
    time.sleep(0.5)
    assert not [pid for pid in children if _runs(int(pid))]
    assert serve.port_is_free("127.0.0.1", port)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"
    except OSError:
        return False


def test_a_second_start_finds_it_built(home) -> None:
    before = (home / "city.sqlite3").stat().st_mtime_ns
    began = time.monotonic()
    assert qualipolis("demo", "--no-serve", "--home", home).returncode == 0
    assert time.monotonic() - began < 10
    assert (home / "city.sqlite3").stat().st_mtime_ns == before


def test_its_ledger_holds_and_is_signed_to_the_end(home) -> None:
    answer = qualipolis("verify", "ledger", "--home", home)
    assert answer.returncode == 0, answer.stderr


def test_it_does_not_build_over_a_real_city(tmp_path) -> None:
    (tmp_path / "city.sqlite3").write_bytes(b"precious")
    with pytest.raises(typer.Exit):
        demo.prepare(tmp_path)
    assert (tmp_path / "city.sqlite3").read_bytes() == b"precious"


def test_a_building_that_was_cut_short_begins_anew(tmp_path) -> None:
    home = tmp_path / "home"
    demo.prepare(home)
    (home / "city.sqlite3").write_bytes(b"half")
    demo.prepare(home)
    assert [p.name for p in home.iterdir()] == [demo.MARK]
    assert not demo.finished(home)


def test_a_scale_that_does_not_exist_is_refused(tmp_path) -> None:
    answer = qualipolis("demo", "--no-serve", "--scale", "nation", "--home", tmp_path / "home")
    assert answer.returncode == 1
    assert not (tmp_path / "home").exists()


def test_serve_says_what_is_missing(tmp_path) -> None:
    answer = qualipolis("serve", "--home", tmp_path / "home")
    assert answer.returncode == 1
    assert "qualipolis init" in answer.stderr


def test_a_taken_port_is_said_by_serve_and_passed_over_by_the_demo(tmp_path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = qualipolis("serve", "--home", dongguan(), "--port", port)
        assert answer.returncode == 1
        assert str(port) in answer.stderr
        assert not serve.port_is_free("127.0.0.1", port)


def test_the_environment_alone_does_not_open_the_demo_sign_in(home) -> None:
    """The variable set by hand for `serve`, on the synthetic city itself, is taken away before anything starts."""
    port = free_port()
    for _process, at in _serving("serve", "--home", home, "--port", port, port=port, QUALIPOLIS_DEMO_LOGIN="1"):
        assert status(at, "/account/login/") == 200
        assert status(at, "/account/demo/") == 404
