"""The documentation keeps up with the code: commands, settings, dependencies, roles, links."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from qualipolis.city.core.roles import Role
from qualipolis.cli import COMMANDS

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
README = REPOSITORY / "README.md"
LANGUAGES = ("zh", "en")
TOP = [REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
WRITTEN = [path for path in sorted(DOCS.rglob("*.md")) if "reference" not in path.parts]
ROLE_PAGES = {role.value.replace("_", "-") for role in Role} | {"public", "analyst"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
ENVIRONMENT = re.compile(
    r"environ(?:\.get\(|\[)\"([A-Z_]+)\"|\$\{(QUALIPOLIS_[A-Z]+)|\b(?:SKIP|DEMO_LOGIN) = \"([A-Z_]+)\""
)
OWN_BUSINESS = {"DJANGO_SETTINGS_MODULE", "PATH"}
GENERATED = {"rules.md", "flows.md", "indicators.md"}


def words(language: str, page: str) -> str:
    return (DOCS / language / page).read_text(encoding="utf-8")


def everything(language: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in WRITTEN if path.is_relative_to(DOCS / language))


def read_by_the_code() -> set[str]:
    """Names of the environment variables that the package, its build and its bootstrap read."""
    sources = [
        *(REPOSITORY / "src").rglob("*.py"),
        REPOSITORY / "hatch_build.py",
        REPOSITORY / "tools" / "bootstrap.sh",
    ]
    found = {
        name for path in sources for match in ENVIRONMENT.findall(path.read_text("utf-8")) for name in match if name
    }
    return found - OWN_BUSINESS


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_documents_every_command(language):
    page = words(language, "operating/install.md")
    assert [name for name in COMMANDS if f"`qualipolis {name}" not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_documents_no_command_that_does_not_exist(language):
    named = set(
        re.findall(
            r"(?<![\w/.-])qualipolis ([a-z]+)\b",
            re.sub(r"(?:from|import) qualipolis.*", "", code_in(everything(language))),
        )
    )
    assert named - set(COMMANDS) == set()


def code_in(text: str) -> str:
    """What stands between backticks, in a line or in a block."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


def test_it_finds_the_variables_it_knows_of():
    known = {"QUALIPOLIS_HOME", "DATABASE_URL", "QUALIPOLIS_SECRET_KEY", "QUALIPOLIS_PYTHON", "QUALIPOLIS_SKIP_ASSETS"}
    assert known | {"QUALIPOLIS_DEMO_LOGIN", "QUALIPOLIS_HOSTS", "QUALIPOLIS_HTTPS"} <= read_by_the_code()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_documents_every_environment_variable(language):
    page = words(language, "operating/install.md")
    assert [name for name in sorted(read_by_the_code()) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_gives_a_reason_for_every_runtime_dependency_and_no_other(language):
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \|", words(language, "decisions/0009-dependencies.md"), re.MULTILINE))
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.match(r"[a-z0-9-]+", line)[0] for line in project["dependencies"]}
    assert listed == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_a_page_for_every_role_and_no_other(language):
    assert {path.stem for path in (DOCS / language / "roles").glob("*.md")} == ROLE_PAGES


@pytest.mark.parametrize("path", [*TOP, *WRITTEN], ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_it_links_to_what_is_there(path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target.partition("#")[0] for target in LINK.findall(text) if "://" not in target]
    lost = [t for t in targets if t and Path(t).name not in GENERATED and not (path.parent / t).exists()]
    assert lost == []


def test_it_breaks_no_line_inside_a_chinese_paragraph():
    """A line break becomes a space on the page, which Chinese does not have."""
    broken = re.compile(r"^(?![-*|#>0-9`]).*[\u4e00-\u9fff，。、；：）》”]\n(?=[\u4e00-\u9fff“《（])", re.MULTILINE)
    found = {}
    for path in [path for path in WRITTEN if path.is_relative_to(DOCS / "zh")]:
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        if match := broken.search(text):
            found[path.name] = match[0].strip()
    assert found == {}


def test_it_names_every_page_in_the_navigation():
    nav = (REPOSITORY / "mkdocs.yml").read_text("utf-8")
    pages = [str(path.relative_to(DOCS / "zh")) for path in WRITTEN if path.is_relative_to(DOCS / "zh")]
    assert [page for page in pages if f"- {page}\n" not in nav] == []


def test_the_readme_fits_on_two_screens_and_shows_pictures_that_are_there():
    text = README.read_text("utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert len(text.splitlines()) <= 110
    assert len(pictures) == 6
    assert [p for p in pictures if not 0 < (REPOSITORY / p).stat().st_size < 300_000] == []


def test_the_readme_names_targets_and_commands_that_exist():
    text = README.read_text("utf-8")
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    assert [t for t in re.findall(r"\bmake ([a-z]+)\b", text) if f"\n{t}:" not in makefile] == []
    named = set(re.findall(r"(?:bin/|`)qualipolis ([a-z]+)\b", text))
    assert {"assess", "init", "serve", "verify"} <= named <= set(COMMANDS)


def test_the_example_of_the_readme_runs():
    code = re.search(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)[1]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "乙" in run.stdout.splitlines()[1]
    assert "90% rank intervals, 1000 replicates" in run.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_methods_run(language, tmp_path):
    page = words(language, "methods/composite.md") + words(language, "methods/proportions.md")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    (tmp_path / "indicators.csv").write_text("code,parent\na,X\nb,X\nX,\n", encoding="utf-8")
    (tmp_path / "data.csv").write_text("unit,a,b\nu,1,5\nv,2,3\nw,3,4\n", encoding="utf-8")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "1.0000 [0.5101, 1.0000] (95%, n = 4)" in run.stdout


def test_the_built_site_asks_nothing_of_other_servers(tmp_path):
    tools = Path(sys.executable).parent
    subprocess.run([sys.executable, "tools/write_reference.py"], cwd=REPOSITORY, check=True)
    command = [str(tools / "mkdocs"), "build", "--strict", "--quiet", "-d", str(tmp_path / "site")]
    environ = {"PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1", "LC_ALL": "C.UTF-8"}
    run = subprocess.run(command, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (0, "")
    asked = re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//|url\([\"']?(?:https?:)?//|@import"
    )
    pages = [*(tmp_path / "site").rglob("*.html"), *(tmp_path / "site").rglob("*.css")]
    assert len(pages) > 60
    assert [path.name for path in pages if asked.search(path.read_text("utf-8"))] == []
