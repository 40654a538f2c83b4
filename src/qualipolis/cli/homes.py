"""The home folder a command works on, and starting Django for it."""

from __future__ import annotations

import os
from pathlib import Path

from qualipolis.cli.words import asked_for, language
from qualipolis.methods.problems import msg

DEMO_LOGIN = "QUALIPOLIS_DEMO_LOGIN"
DEFAULT = Path("var/home")
HOME_HELP = msg("The folder of the city: database, files, keys.")


def choose_home(home: Path | None) -> Path:
    """Return the folder asked for, else QUALIPOLIS_HOME, else ./var/home."""
    return (home or Path(os.environ.get("QUALIPOLIS_HOME") or DEFAULT)).resolve()


def open_home(home: Path | None, *, demo: bool = False) -> Path:
    """Start Django for ``home``; the demo sign-in exists in this process only when ``demo`` says so."""
    folder = choose_home(home)
    os.umask(0o027)
    os.environ["QUALIPOLIS_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qualipolis.site.settings"
    os.environ.pop(DEMO_LOGIN, None)
    if demo:
        os.environ[DEMO_LOGIN] = "1"
        os.environ.pop("QUALIPOLIS_HOSTS", None)
        os.environ.pop("QUALIPOLIS_HTTPS", None)
    import django
    from django.utils.translation import activate

    django.setup()
    activate("zh-hans" if language(asked_for()) == "zh" else "en")
    return folder


def is_made(home: Path) -> bool:
    """Whether ``home`` holds a city, or DATABASE_URL says that the rows are elsewhere."""
    return (home / "city.sqlite3").exists() or bool(os.environ.get("DATABASE_URL"))
