"""qualipolis draw and verify draw; the script of the documentation replays what they leave."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "examples" / "draw.toml"
REPLAYED = ("srs", "systematic", "pps_systematic", "pps_pareto", "pps_sequential_poisson")
ROUND = {
    "round": 1,
    "signature": "b55e7cb2d5c613ee0b2e28d6750aabbb78c39dcc96bd9d38c2c2e12198df95571de8e8e402a0cc48871c7089a2b3af4b",
}


def script(language: str) -> str:
    page = (REPOSITORY / "docs" / language / "methods" / "verifiable-draws.md").read_text("utf-8")
    return next(code for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "Replay a draw" in code)


def units(path: Path, count: int = 700, strata: int = 7) -> Path:
    rng = random.Random(6)
    rows = [
        f"U{k:05d},第{k % strata}层,{0 if k % 50 == 7 else round(rng.lognormvariate(2, 1.6), 1)}" for k in range(count)
    ]
    rng.shuffle(rows)
    path.write_text("id,stratum,size\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def plan(path: Path, method: str = "pps_pareto", n: int = 350, more: str = "") -> Path:
    text = EXAMPLE.read_text("utf-8").replace('"pps_pareto"', f'"{method}"', 1).replace("n = 350", f"n = {n}")
    path.write_text(text + more, encoding="utf-8")
    return path


@pytest.fixture
def drawn(tmp_path, call):
    said = call(
        "draw", "--frame", units(tmp_path / "f.csv"), "--plan", EXAMPLE, "--seed", "骰子 4 1", "--out", tmp_path / "d"
    )
    assert said.code == 0, said.err
    return tmp_path / "d"


def replay(folder: Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-I", "-c", script(language), str(folder)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_it_draws_the_example_of_three_hundred_and_fifty(drawn, call):
    assert len((drawn / "sample.csv").read_text("utf-8").splitlines()) == 351
    said = call("verify", "draw", drawn)
    assert said.code == 0 and "The draw, repeated, gives the same sample and reserve." in said.out


def test_it_ships_a_script_of_sixty_lines_that_needs_only_the_standard_library():
    assert script("en") == script("zh") and len(script("en").splitlines()) <= 60
    imported = {
        name
        for line in re.findall(r"^(?:import|from) (.+)", script("en"), re.MULTILINE)
        for name in re.findall(r"\w+", line.split(" import ")[0])
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("method", REPLAYED)
def test_it_is_replayed_by_the_script(tmp_path, call, method):
    frame = units(tmp_path / "f.csv", 240, 9)
    for name, count in (("small", 40), ("large", 150)):
        rule, out = plan(tmp_path / "p.toml", method, count), tmp_path / name
        assert call("draw", "--frame", frame, "--plan", rule, "--seed", "20261122", "--out", out).code == 0
        answer = replay(out)
        assert answer.returncode == 0, answer.stderr
        assert "holds: reserve is what frame, plan and seed lead to" in answer.stdout


@pytest.mark.parametrize(
    "name", ["frame.csv", "plan.json", "working.csv", "promise.json", "sample.csv", "reserve.csv", "record.json"]
)
def test_it_finds_one_flipped_character(drawn, call, name):
    rng, whole = random.Random(name), (drawn / name).read_bytes()
    for _ in range(3):
        data = bytearray(whole)
        data[rng.randrange(len(data))] ^= 1
        (drawn / name).write_bytes(data)
        assert call("verify", "draw", drawn, "--quiet").code == 1
        assert replay(drawn).returncode != 0


def resealed(folder: Path, **changes: str) -> None:
    """Change a record the way a forger would who knows how the seal is made."""
    record = json.loads((folder / "record.json").read_text("utf-8")) | changes
    record.pop("seal")

    def dump(table):
        return (json.dumps(table, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n").encode()

    record["seal"] = sha256(dump(record)).hexdigest()
    (folder / "record.json").write_bytes(dump(record))


def test_it_finds_another_seed_under_a_new_seal(drawn, call):
    resealed(drawn, seed="骰子 4 2")
    assert "seed" in call("verify", "draw", drawn).err and replay(drawn).returncode == 1
    resealed(drawn, seed="骰子 4 2", proof={"public": "骰子 4 2"})
    assert "gives other units" in call("verify", "draw", drawn).err


def test_it_finds_a_swapped_unit_under_a_new_seal(drawn, call):
    lines = (drawn / "sample.csv").read_text("utf-8").splitlines()
    lines[5], lines[6] = lines[6], lines[5]
    data = ("\n".join(lines) + "\n").encode()
    (drawn / "sample.csv").write_bytes(data)
    resealed(drawn, sample_sha256=sha256(data).hexdigest())
    assert call("verify", "draw", drawn).code == 1 and replay(drawn).returncode == 1


def test_it_does_not_draw_twice(drawn, call, tmp_path):
    said = call("draw", "--frame", tmp_path / "f.csv", "--plan", EXAMPLE, "--seed", "x", "--out", drawn)
    assert said.code == 1 and "a draw is not made twice" in said.err


def test_it_freezes_first_and_draws_with_the_round_that_was_named(tmp_path, call):
    more = 'chain = "quicknet"\nround = 1\n'
    rule, out = plan(tmp_path / "p.toml", n=60, more=more), tmp_path / "d"
    frozen = call("draw", "--frame", units(tmp_path / "f.csv"), "--plan", rule, "--out", out)
    assert frozen.code == 0 and sha256((out / "promise.json").read_bytes()).hexdigest() in frozen.out
    assert not (out / "record.json").exists()
    assert "names a drand round" in call("draw", "--out", out, "--seed", "dice").err
    (tmp_path / "forged.json").write_text(json.dumps({**ROUND, "round": 2}))
    assert call("draw", "--out", out, "--beacon", tmp_path / "forged.json").code == 1
    (tmp_path / "round.json").write_text(json.dumps(ROUND))
    assert call("draw", "--out", out, "--beacon", tmp_path / "round.json").code == 0
    assert call("verify", "draw", out).code == 0 and replay(out).returncode == 0


def test_it_refuses_a_frozen_folder_that_was_changed(tmp_path, call):
    out = tmp_path / "d"
    call("draw", "--frame", units(tmp_path / "f.csv"), "--plan", EXAMPLE, "--out", out)
    text = (out / "frame.csv").read_text("utf-8")
    (out / "frame.csv").write_text(text.replace("U00001", "U99999"), encoding="utf-8")
    said = call("draw", "--out", out, "--seed", "dice")
    assert said.code == 1 and "not the one promised" in said.err


def test_it_reads_a_frame_without_strata_and_sizes(tmp_path, call):
    (tmp_path / "f.csv").write_text("id,name\n" + "".join(f"E{k},x\n" for k in range(30)), encoding="utf-8")
    rule, out = plan(tmp_path / "p.toml", "srs", 5), tmp_path / "d"
    assert call("draw", "--frame", tmp_path / "f.csv", "--plan", rule, "--seed", "1", "--out", out).code == 0
    assert call("verify", "draw", out).code == 0 and replay(out).returncode == 0


def test_it_says_all_that_is_wrong_with_a_frame(tmp_path, call):
    rows = "a,X,1\na,X,2\n b,X,3\nc,X,many\nd,\u200bX,1\n"
    (tmp_path / "f.csv").write_text("id,stratum,size\n" + rows, encoding="utf-8")
    said = call("draw", "--frame", tmp_path / "f.csv", "--plan", EXAMPLE, "--seed", "1", "--out", tmp_path / "d")
    assert said.code == 1 and not (tmp_path / "d").exists()
    for words in ("twice: 'a'", "' b'", "'many'", "Strata with"):
        assert words in said.err
    (tmp_path / "g.csv").write_text("key,size\na,1\n")
    assert "no column id" in call("draw", "--frame", tmp_path / "g.csv", "--plan", EXAMPLE, "--out", tmp_path / "d").err


def test_it_speaks_chinese(drawn, call):
    assert "重新抽取，样本和备选完全相同" in call("verify", "draw", drawn, "--lang", "zh").out


def test_it_checks_a_copy_elsewhere(drawn, tmp_path, call):
    assert call("verify", "draw", shutil.copytree(drawn, tmp_path / "elsewhere")).code == 0
    (tmp_path / "elsewhere" / "plan.json").unlink()
    assert "plan.json" in call("verify", "draw", tmp_path / "elsewhere").err
