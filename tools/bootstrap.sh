#!/bin/sh
# Make .venv from the hash locks with whatever Python 3.12 or newer this machine has.
# Usage: tools/bootstrap.sh runtime|development|engines
set -eu
cd "$(dirname "$0")/.."
want=${1:-runtime}

fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; }

find_python() {
    for name in ${QUALIPOLIS_PYTHON:-} python3.13 python3.14 python3.12 python3 python; do
        path=$(command -v "$name" 2>/dev/null) && fits "$path" && { "$path" -c 'import sys; print(sys.executable)'; return; }
    done
    for root in "${PYENV_ROOT:-$HOME/.pyenv}/versions" /opt/homebrew/bin /usr/local/bin /Library/Frameworks/Python.framework/Versions; do
        for path in "$root"/3.13*/bin/python3 "$root"/3.14*/bin/python3 "$root"/3.12*/bin/python3 "$root"/python3.1[234]; do
            [ -x "$path" ] && fits "$path" && { echo "$path"; return; }
        done
    done
    return 1
}

if [ ! -x .venv/bin/python ] || ! fits .venv/bin/python; then
    if ! python=$(find_python); then
        cat >&2 <<'WORDS'
质城需要 Python 3.12 至 3.14（带 venv 模块），这台机器上没有找到。
Qualipolis needs Python 3.12 to 3.14 with its venv module, and found none on this machine.
  Debian / Ubuntu:  apt install python3.13 python3.13-venv    (or: pyenv install 3.13)
  macOS:            brew install python@3.13
Then run the same command again. To name one yourself: QUALIPOLIS_PYTHON=/path/to/python3.13 make demo
WORDS
        exit 1
    fi
    echo "Python: $python"
    rm -rf .venv
    "$python" -m venv .venv
fi

# uv installs everything else; its own version and hashes come from the lock.
if [ ! -x .venv/bin/uv ]; then
    awk '/^uv==/{on=1} on{print} on && !/\\$/{exit}' requirements.lock >.venv/uv.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
fi

case "$want" in
    runtime) lock=requirements.lock ;;
    development) lock=requirements-dev.lock ;;
    engines) lock=requirements-engines.lock ;;
    *) echo "bootstrap: runtime, development or engines" >&2; exit 2 ;;
esac
# A narrower lock must not throw out what a wider one brought.
if [ "$want" = runtime ] && [ -e .venv/.development ]; then lock=requirements-dev.lock; fi
if [ "$want" != engines ] && [ -e .venv/.engines ]; then lock=requirements-engines.lock; fi

echo "Installing from $lock"
.venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes "$lock"
QUALIPOLIS_SKIP_ASSETS=1 .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
.venv/bin/python -m compileall -q src
touch ".venv/.$want"
