"""The process that listens. It imports nothing with threads of its own, since its workers are forks of it.

python -m qualipolis.cli.server HOST PORT WORKERS
"""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import Interfaces


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    host, port, workers = sys.argv[1:]
    Granian(
        "qualipolis.site.wsgi:application",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=int(workers),
        blocking_threads=16,
        websockets=False,
        log_level="warning",
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


if __name__ == "__main__":
    main()
