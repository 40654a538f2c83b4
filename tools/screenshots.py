"""Take the pictures of the README from a demo city of this very version: starts one, looks at it, stops it.

python tools/screenshots.py [OUT]        into docs/images, unless OUT says otherwise

It needs Debian's chromium (or any Chromium on the PATH); nothing is downloaded.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
IMAGES = REPOSITORY / "docs" / "images"
LARGEST = 300_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--font-render-hinting=none"]


@dataclass(frozen=True)
class Picture:
    """One picture: whose page, in which language and light, how wide; ``height`` cuts it, 0 takes the whole page."""

    name: str
    role: str
    path: str
    language: str = "zh-CN"
    dark: bool = False
    width: int = 1440
    height: int = 900
    scale: float = 1.0


PICTURES = (
    Picture("overview-zh", "department", "/desk/overview/", height=1080),
    Picture("ranking-en", "planner", "/desk/ranking/", language="en", height=1080),
    Picture("town-zh-dark", "leader", "/desk/towns/{town}/", dark=True, height=1080),
    Picture("year-zh", "planner", "/desk/year/", height=1080),
    Picture("why-zh", "leader", "/desk/towns/{town}/why/", height=1080),
    Picture("work-zh-phone", "town_officer", "/desk/", width=360, height=760, scale=2.0),
)


def browser_path() -> str:
    """Return a Chromium on the PATH, or say what to install."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("No Chromium was found. On Debian: apt install chromium")
    return found


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo(home: Path) -> Iterator[str]:
    """Serve a demo city built in ``home``; stop it afterwards."""
    command = [str(Path(sys.executable).parent / "qualipolis"), "demo", "--home", str(home)]
    subprocess.run([*command, "--no-serve"], check=True)
    port = free_port()
    server = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(20)


def wait_for(port: int, server: subprocess.Popen[bytes], patience: float = 60.0) -> None:
    """Return when the port answers; give up when the server has ended or patience has."""
    until = time.monotonic() + patience
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The demo did not start; run: qualipolis demo")


def take(browser: Any, base: str, picture: Picture, out: Path) -> Path:
    """Sign in as the role of a picture and take it."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=picture.scale,
        locale=picture.language,
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{base}/account/demo/")
    page.locator(f'button[value="{picture.role}"]').first.click()
    page.wait_for_load_state("networkidle")
    answer = page.goto(base + picture.path.format(town=first_town(page, base)))
    if answer is None or not answer.ok:
        raise SystemExit(f"{picture.path} answered {answer.status if answer else 'nothing'}")
    page.wait_for_load_state("networkidle")
    path = saved(page, out / picture.name)
    context.close()
    return path


def first_town(page: Any, base: str) -> str:
    """Return the code of the town that leads the ranking."""
    page.goto(f"{base}/desk/ranking/")
    link = page.locator('main a[href*="/desk/towns/"]').first.get_attribute("href")
    return str(link).partition("/towns/")[2].partition("/")[0]


def saved(page: Any, stem: Path) -> Path:
    """Write the picture as PNG, or as JPEG where the PNG would be too large; return the file."""
    for old in (stem.with_suffix(".png"), stem.with_suffix(".jpg")):
        old.unlink(missing_ok=True)
    picture, path = page.screenshot(type="png"), stem.with_suffix(".png")
    for quality in (85, 75, 65, 55):
        if len(picture) < LARGEST:
            break
        picture, path = page.screenshot(type="jpeg", quality=quality), stem.with_suffix(".jpg")
    path.write_bytes(picture)
    return path


def main(arguments: list[str]) -> None:
    """Take every picture."""
    chromium = browser_path()
    from playwright.sync_api import sync_playwright

    out = Path(arguments[0]) if arguments else IMAGES
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="qualipolis-pictures-") as folder,
        demo(Path(folder) / "demo") as base,
        sync_playwright() as engine,
    ):
        browser = engine.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for picture in PICTURES:
            path = take(browser, base, picture, out)
            print(f"{path}: {path.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
