"""The process beside the pages that does the waiting tasks; ended by the server that started it."""

from __future__ import annotations

import os
import threading
import time

from qualipolis.cli.homes import open_home


def main() -> None:
    """Work until told to stop, or until the server is gone."""
    demo = os.environ.get("QUALIPOLIS_DEMO_LOGIN") == "1"
    threading.Thread(target=_follow, args=(os.getppid(),), daemon=True).start()
    open_home(None, demo=demo)
    from django.core.management import call_command

    call_command("db_worker", queue_name="*", verbosity=0)


def _follow(parent: int) -> None:
    """End with the server, also when it was killed and could not say so."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
