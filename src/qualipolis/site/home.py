"""The home folder: one place for the database, files, lake, keys and backups of a city."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """Return the signing key from the environment, or from the home folder, made on first use (mode 0600)."""
    given = os.environ.get("QUALIPOLIS_SECRET_KEY")
    if given:
        return given
    path = home / "keys" / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass
    return path.read_text()
