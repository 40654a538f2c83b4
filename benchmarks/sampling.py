"""Supervision sampling beside R ``sampling`` and ``survey`` and Python ``svy``, in one run.

Run: .venv/bin/python benchmarks/sampling.py [--only draws,estimation] [options of estimation.py]
Each part is a script of its own in this folder: draws.py, estimation.py.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PARTS = ("draws", "estimation")


def main() -> int:
    asked = sys.argv[1:]
    only = PARTS
    if "--only" in asked:
        place = asked.index("--only")
        only = tuple(asked[place + 1].split(","))
        del asked[place : place + 2]
    failed = 0
    for part in only:
        print(f"== {part}", flush=True)
        line = [sys.executable, str(Path(__file__).with_name(f"{part}.py")), *(asked if part == "estimation" else [])]
        failed |= subprocess.run(line, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
