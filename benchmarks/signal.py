"""Signals beside R: disproportionality, outbreaks in time, clusters in space, in one run.

Run: .venv/bin/python benchmarks/signal.py [--only disproportionality,series,space,timeliness]
Each part is a script of its own in this folder, signal_<part>.py, and runs both sides where R has the package.
"""

from __future__ import annotations

import sys

if __name__ == "signal":  # a script beside this file has asked for the library of that name: hand it out
    import importlib.machinery
    import importlib.util
    import sysconfig

    found = importlib.machinery.PathFinder.find_spec("signal", [sysconfig.get_path("stdlib")])
    library = sys.modules["signal"] = importlib.util.module_from_spec(found)
    found.loader.exec_module(library)
else:
    import subprocess
    from pathlib import Path

PARTS = ("disproportionality", "series", "space", "timeliness")


def main() -> int:
    asked = sys.argv[1:]
    only = tuple(asked[asked.index("--only") + 1].split(",")) if "--only" in asked else PARTS
    unknown = [part for part in only if part not in PARTS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(PARTS)}")
        return 2
    failed = 0
    for part in only:
        script = Path(__file__).with_name(f"signal_{part}.py")
        print(f"== {part}", flush=True)
        failed |= subprocess.run([sys.executable, str(script)], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
