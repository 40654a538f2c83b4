"""The build hook: it builds when something changed, and says in one sentence why it cannot."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def hook():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("hatch_build", REPOSITORY / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    source = REPOSITORY / "frontend"
    shutil.copytree(source, tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    return tmp_path


def mark_current(hook, tree: Path) -> None:  # type: ignore[no-untyped-def]
    for folder, digest in ((hook.DIST, hook.assets_digest(tree)), (hook.FONTS, hook.fonts_digest(tree))):
        (tree / folder).mkdir(parents=True)
        (tree / folder / hook.STAMP).write_text(digest)


def test_it_knows_that_nothing_changed(hook, tree: Path) -> None:  # type: ignore[no-untyped-def]
    mark_current(hook, tree)
    assert hook.is_current(tree)


@pytest.mark.parametrize("name", ["src/scss/_tokens.scss", "src/icons.txt", "build.mjs"])
def test_it_notices_a_changed_source(hook, tree: Path, name: str) -> None:  # type: ignore[no-untyped-def]
    mark_current(hook, tree)
    path = tree / "frontend" / name
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert not hook.is_current(tree)


def test_it_builds_fonts_anew_only_for_other_fonts(hook, tree: Path) -> None:  # type: ignore[no-untyped-def]
    before = hook.fonts_digest(tree)
    path = tree / "frontend/package-lock.json"
    lock = json.loads(path.read_text("utf-8"))
    lock["packages"]["node_modules/bootstrap"]["integrity"] = "sha512-other"
    path.write_text(json.dumps(lock), "utf-8")
    assert hook.fonts_digest(tree) == before
    lock["packages"]["node_modules/@expo-google-fonts/noto-sans-sc"]["integrity"] = "sha512-other"
    path.write_text(json.dumps(lock), "utf-8")
    assert hook.fonts_digest(tree) != before


def test_it_says_in_one_sentence_that_npm_cannot_be_reached(hook, tree: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    script = tree / "npm.py"
    script.write_text("import sys; sys.exit('npm error network request failed')")
    monkeypatch.setattr(hook, "_node", lambda: [Path(sys.executable), script])
    with pytest.raises(hook.BuildError) as caught:
        hook.install_packages(tree)
    assert "network request failed" in str(caught.value) and "QUALIPOLIS_SKIP_ASSETS=1" in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_it_skips_assets_when_told_to(hook, tree: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("QUALIPOLIS_SKIP_ASSETS", "1")
    assert "skipped" in hook.build(tree)[0]
    assert not (tree / hook.DIST).exists()


def test_it_locks_packages_by_content_and_names_no_registry() -> None:
    lock = json.loads((REPOSITORY / "frontend/package-lock.json").read_text("utf-8"))
    entries = {name: entry for name, entry in lock["packages"].items() if name}
    assert entries
    assert all("resolved" not in entry and entry.get("integrity") for entry in entries.values())


def test_it_pins_what_the_build_asks_for() -> None:
    wanted = json.loads((REPOSITORY / "frontend/package.json").read_text("utf-8"))["devDependencies"]
    assert all(version[0].isdigit() for version in wanted.values())
