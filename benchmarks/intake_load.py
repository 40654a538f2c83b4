"""How many people can send a letter at once: 200 submitters against a served city, on SQLite and on PostgreSQL.

Run: .venv/bin/python benchmarks/intake_load.py [--people 200] [--workers 2] [--database postgresql://...]
Founds a city in a temporary home, serves it as ``qualipolis serve`` does, and prints for two cases how long the answers
took, how many letters were kept, and the processor time that a letter costs the server:

burst   all open the page, wait for each other, and press "send" in the same moment
crowd   each goes through the three steps at a pace of its own, one step every two to six seconds
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

LETTER = "/listen/letter/"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
PLACE = re.compile(rb"\r\n[Ll]ocation: ([^\r]+)")


@dataclass
class Tally:
    """What the submitters saw: seconds for each answer, numbers on receipts, what went wrong."""

    pages: list[float] = field(default_factory=list)
    letters: list[float] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


async def ask(port: int, method: str, path: str, cookie: str = "", body: str = "") -> tuple[int, bytes, bytes]:
    """Send one request on a connection of its own and return status, head and body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = body.encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(sent)}"]
    if cookie:
        lines.append(f"Cookie: csrftoken={cookie}")
    if sent:
        lines.append("Content-Type: application/x-www-form-urlencoded")
    writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
    answer = await reader.read()
    writer.close()
    head, _gap, rest = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), head, rest


async def page(port: int, tally: Tally) -> tuple[str, str]:
    """Open the page and return (cookie, token)."""
    began = time.perf_counter()
    status, head, body = await ask(port, "GET", LETTER)
    tally.pages.append(time.perf_counter() - began)
    cookie, token = re.search(rb"csrftoken=([^;]+)", head), TOKEN.search(body)
    if status != 200 or cookie is None or token is None:
        raise RuntimeError(f"the page answered {status}")
    return cookie[1].decode(), token[1].decode()


def letter(n: int, case: str, step: int) -> dict[str, str]:
    """What submitter ``n`` says up to a step."""
    said = {
        "step": str(step),
        "track": ("complaint", "report", "both")[n % 3],
        "facts": f"{case} {n}: 用了两天就冒烟。" * 8,
    }
    if step > 1:
        said |= {"respondent_name": f"第{n}号商店", "product_name": "电暖器", "price": "299.00", "claim": "退款"}
    if step > 2:
        said |= {"name": f"示范{n}", "phone": f"139{hash((case, n)) % 10**8:08d}"}
    return said


async def post(port: int, known: tuple[str, str], said: dict[str, str], tally: Tally) -> None:
    """Send a step; the last one must lead to a receipt."""
    cookie, token = known
    began = time.perf_counter()
    status, head, _body = await ask(port, "POST", LETTER, cookie, urlencode(said | {"csrfmiddlewaretoken": token}))
    took = time.perf_counter() - began
    if said["step"] != "3":
        tally.pages.append(took)
    elif status == 302 and (place := PLACE.search(head)):
        tally.letters.append(took)
        tally.receipts.append(place[1].decode())
    else:
        tally.wrong.append(str(status))


async def burst(port: int, people: int, tally: Tally, known: list[tuple[str, str]]) -> None:
    """All press send in the same moment; they opened the page before."""
    await asyncio.gather(*(post(port, one, letter(n, "burst", 3), tally) for n, one in enumerate(known)))


async def crowd(port: int, people: int, tally: Tally, _known: list[tuple[str, str]]) -> None:
    """Each goes through the steps at its own pace."""
    pace = random.Random(1)

    async def walk(n: int, waits: list[float]) -> None:
        await asyncio.sleep(waits[0])
        known = await page(port, tally)
        for step in (1, 2, 3):
            await asyncio.sleep(waits[step])
            await post(port, known, letter(n, "crowd", step), tally)

    await asyncio.gather(*(walk(n, [pace.uniform(2, 6) for _step in range(4)]) for n in range(people)))


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process and all below it."""
    ticks, wanted = 0, {pid}
    for folder in sorted((one for one in Path("/proc").iterdir() if one.name.isdigit()), key=lambda one: int(one.name)):
        try:
            text = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) in wanted or int(text[1]) in wanted:
            wanted.add(int(folder.name))
            ticks += int(text[11]) + int(text[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kept(receipts: list[str]) -> tuple[int, int, bool]:
    """Return (letters in the tables, receipts whose letter is there, whether the ledger holds)."""
    from qualipolis.city.core.verification import verify_ledger
    from qualipolis.city.listen.intake.secrecy import token_said
    from qualipolis.city.listen.models import Letter

    numbers = {said[0] for one in receipts if (said := token_said(one.rstrip("/").rpartition("/")[2]))}
    return Letter.objects.count(), Letter.objects.filter(number__in=numbers).count(), verify_ledger().holds


def report(case: str, tally: Tally, spent: float) -> None:
    """Print what one case gave."""
    times = sorted(tally.letters) or [float("nan")]
    p50, p95 = times[len(times) // 2], times[min(len(times) - 1, int(0.95 * len(times)))]
    print(
        f"{case:6} letters {len(tally.letters):4}  refused {len(tally.wrong):3}  p50 {p50:6.3f} s  p95 {p95:6.3f} s  "
        f"slowest {times[-1]:6.3f} s  processor {1000 * spent / max(1, len(tally.letters)):5.1f} ms a letter"
    )


def main() -> None:
    """Found, serve, send, count."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", default="")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "QUALIPOLIS_HOME": home,
            "DATABASE_URL": chosen.database,
            "DJANGO_SETTINGS_MODULE": "qualipolis.site.settings",
        }
        run(chosen.people, chosen.workers)


def run(people: int, workers: int) -> None:
    """Serve the city of the environment and run both cases."""
    import django

    django.setup()
    from django.core.management import call_command

    from qualipolis.city.core.policy import System
    from qualipolis.cli.founding import dongguan, found

    call_command("migrate", interactive=False, verbosity=0)
    found(System("init"), dongguan(), 2026)
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "qualipolis.cli.server", "127.0.0.1", str(port), str(workers)])
    try:
        asyncio.run(measure(port, people, server.pid))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


async def measure(port: int, people: int, pid: int) -> None:
    """Wait for the server, warm it, and run both cases."""
    for _try in range(300):
        try:
            await ask(port, "GET", "/health/")
            break
        except OSError:
            await asyncio.sleep(0.1)
    warm, receipts = Tally(), list[str]()
    for n in range(8):
        await post(port, await page(port, warm), letter(n, "warm", 3), warm)
    receipts += warm.receipts
    for case, act in (("burst", burst), ("crowd", crowd)):
        known = [await page(port, warm) for _n in range(people)] if act is burst else []
        tally, before = Tally(), processor_seconds(pid)
        await act(port, people, tally, known)
        report(case, tally, processor_seconds(pid) - before)
        receipts += tally.receipts
    letters, found, holds = await asyncio.to_thread(kept, receipts)
    print(
        f"letters kept {letters}, receipts {len(receipts)}, of these found {found}, ledger {'holds' if holds else 'BROKEN'}"
    )
    if not letters == len(receipts) == found or not holds:
        sys.exit("letters were lost")


if __name__ == "__main__":
    main()
