"""The check at home: a file, the public key, the register; no city, no network, no database."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qualipolis.cli.verify import app
from qualipolis.methods.exams.certificate import (
    Entry,
    canonical,
    digest_of,
    key_id,
    public_of,
    sign,
    text_of,
    write_register,
)

OURS, THEIRS = bytes(range(32)), bytes(range(1, 33))
SAID = {
    "v": 1, "no": "2026-ZS1", "holder": "示例人员", "course_zh": "首席质量官培训", "issued_on": "2026-05-06",
    "valid_to": "2028-05-06", "key": key_id(public_of(OURS)),
}  # fmt: skip
run = CliRunner()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    (tmp_path / "key.pub").write_text(public_of(OURS) + "\n")
    payload = canonical(SAID)
    (tmp_path / "good.txt").write_text(text_of(payload, sign(payload, OURS)))
    changed = canonical(SAID | {"holder": "别人"})
    (tmp_path / "altered.txt").write_text(text_of(changed, sign(payload, OURS)))
    other = canonical(SAID | {"no": "2026-ZS9"})
    (tmp_path / "forged.txt").write_text(text_of(other, sign(other, THEIRS)))
    (tmp_path / "junk.txt").write_text("hello")
    for state in ("issued", "revoked"):
        entry = Entry("2026-ZS1", digest_of(payload), state, dt.date(2026, 5, 20))
        text = write_register([entry], dt.date(2026, 6, 1), dt.date(2026, 7, 1), OURS)
        (tmp_path / f"{state}.json").write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "register", "on", "code", "words"),
    [
        ("good", "issued", "2026-06-02", 0, "genuine and valid"),
        ("good", "revoked", "2026-06-02", 3, "was revoked"),
        ("good", "issued", "2028-05-07", 3, "has run out"),
        ("altered", "issued", "2026-06-02", 1, "was changed"),
        ("forged", "issued", "2026-06-02", 1, "is forged"),
        ("junk", "issued", "2026-06-02", 1, "cannot be read"),
    ],
)
def test_it_tells_them_apart(papers: Path, file: str, register: str, on: str, code: int, words: str) -> None:
    given = ["certificate", str(papers / f"{file}.txt"), "--key", str(papers / "key.pub"), "--on", on, "--lang", "en"]
    found = run.invoke(app, [*given, "--register", str(papers / f"{register}.json")])
    assert found.exit_code == code and words in found.output
    quiet = run.invoke(app, [*given, "--register", str(papers / f"{register}.json"), "--quiet"])
    assert (quiet.exit_code, quiet.output) == (code, "")


def test_without_the_register_it_says_what_nobody_can_know(papers: Path) -> None:
    given = ["certificate", str(papers / "good.txt"), "--key", str(papers / "key.pub"), "--on", "2026-06-02"]
    found = run.invoke(app, [*given, "--lang", "en"])
    assert found.exit_code == 0 and "nobody can know whether the certificate was revoked" in found.output


@pytest.mark.parametrize(
    ("key", "register", "on"),
    [("junk.txt", None, None), ("absent", None, None), ("key.pub", "junk.txt", None), ("key.pub", None, "tomorrow")],
)
def test_what_cannot_be_checked_is_not_called_false(
    papers: Path, key: str, register: str | None, on: str | None
) -> None:
    given = ["certificate", str(papers / "good.txt"), "--key", str(papers / key)]
    given += ["--register", str(papers / register)] if register else []
    found = run.invoke(app, given + (["--on", on] if on else []))
    assert found.exit_code == 2 and found.output.strip()


def test_it_needs_no_django(papers: Path) -> None:
    script = (
        "import sys; sys.modules['django'] = None\n"
        "from qualipolis.methods.exams.certificate import check, keys_in\nimport datetime\n"
        f"text, key = open({str(papers / 'good.txt')!r}).read(), open({str(papers / 'key.pub')!r}).read()\n"
        "print(check(text, keys_in(key), datetime.date(2026, 6, 2)).kind)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "good", done.stderr
