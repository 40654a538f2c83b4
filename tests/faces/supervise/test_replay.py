"""The browser's module draws what the program drew, and finds one flipped character and its place."""

from __future__ import annotations

import json
import random
import struct
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_draw import ROUND
from tests.faces.supervise.replayed import NAMES, ask, designs, make, replay, units

from qualipolis.methods.sampling.draws import records
from qualipolis.methods.sampling.draws.drand import Beacon
from qualipolis.methods.sampling.draws.draw import DRAWS
from qualipolis.methods.sampling.draws.records import commitment

METHODS = tuple(name for name in DRAWS if name not in ("pps_maxentropy", "pps_sequential_poisson"))
TWENTY = {"method": "srs", "n": 6, "allocation": "count", "reserve": 2}


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    rows = [(f"U{k:03d}", f"第{k % 2}层", str(k % 7 + 1)) for k in range(60)]
    make(tmp_path / "d", rows, TWENTY | {"method": "pps_pareto"}, "骰子 4 1 6")
    return tmp_path / "d"


def check(found: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in found["checks"] if one["code"] == code)


def test_it_draws_what_the_program_drew_in_many_random_designs(tmp_path: Path) -> None:
    made = designs(tmp_path, range(48), METHODS)
    assert len(made) > 40
    answers = ask({"folder": str(folder), "commitment": promised} for folder, promised in made)
    for (folder, _promised), found in zip(made, answers, strict=True):
        assert found["verdict"] == "same" and found["first"] is None, (folder.name, found["method"], found["first"])
        assert all(one["state"] == "holds" for one in found["checks"])


def test_it_writes_numbers_as_python_does() -> None:
    g = random.Random(4)
    numbers = [struct.unpack(">d", g.randbytes(8))[0] for _ in range(3000)]
    numbers += [
        0.0,
        -0.0,
        1.0,
        0.1,
        1e15,
        1e16,
        123456789012345680.0,
        1e-4,
        9.9e-5,
        1e-7,
        5e-324,
        1.7976931348623157e308,
    ]
    numbers = [x for x in numbers if x == x and abs(x) != float("inf")]
    shown = ask([{"floats": [struct.pack(">d", x).hex() for x in numbers]}])[0]
    assert shown == [repr(x) for x in numbers]


@pytest.mark.parametrize("name", NAMES)
def test_one_flipped_character_is_found_in_every_file(drawn: Path, name: str) -> None:
    data = (drawn / name).read_bytes()
    g = random.Random(name)
    lines = []
    for k in range(12):
        folder = drawn.parent / f"{k}"
        folder.mkdir()
        for other in NAMES:
            (folder / other).write_bytes((drawn / other).read_bytes())
        at = g.randrange(len(data))
        changed = data[at] ^ 1 if data[at] < 128 else data[at] ^ 2
        (folder / name).write_bytes(data[:at] + bytes([changed]) + data[at + 1 :])
        lines.append({"folder": str(folder), "commitment": records.digest_of((drawn / "promise.json").read_bytes())})
    for found in ask(lines):
        assert found["verdict"] == "different"
        assert name in [one["place"]["file"] for one in found["checks"] if one["state"] == "fails"], found["first"]


def test_a_changed_list_is_shown_to_the_character(drawn: Path) -> None:
    text = (drawn / "sample.csv").read_text("utf-8")
    lines = text.split("\n")
    lines[3] = lines[3].replace("U", "V", 1)
    (drawn / "sample.csv").write_text("\n".join(lines), "utf-8")
    place = check(replay(drawn), "sample")["place"]
    assert (place["line"], place["theirs"][place["column"] - 1], place["ours"][place["column"] - 1]) == (4, "V", "U")
    assert place["unit"].startswith("V") and place["stratum"] == "第0层"


def test_a_frame_changed_together_with_its_promise_is_found_by_the_commitment(drawn: Path) -> None:
    noted = records.digest_of((drawn / "promise.json").read_bytes())
    rows = [line.split(",") for line in (drawn / "frame.csv").read_text("utf-8").splitlines()[1:]]
    make(drawn.parent / "e", [(key, s, "9") for key, s, _x in rows], TWENTY | {"method": "pps_pareto"}, "骰子 4 1 6")
    assert replay(drawn.parent / "e")["verdict"] == "same"
    found = replay(drawn.parent / "e", noted)
    assert found["verdict"] == "different" and found["first"]["code"] == "commitment"


def sealed_anew(folder: Path, **changes: Any) -> None:
    record = json.loads((folder / "record.json").read_bytes()) | changes
    record.pop("seal")
    seal = records.digest_of(records.canonical_json(record))
    (folder / "record.json").write_bytes(records.canonical_json(record | {"seal": seal}))


def test_a_seed_that_does_not_follow_from_its_proof_is_found_under_a_new_seal(drawn: Path) -> None:
    sealed_anew(drawn, seed="骰子 4 1 5")
    found = replay(drawn)
    assert found["first"]["code"] == "seed" and found["first"]["ours"] == "骰子 4 1 6"
    assert check(found, "sample")["state"] == "fails"


def test_it_proves_a_secret_and_the_number_of_a_round(tmp_path: Path) -> None:
    rows = units(random.Random(1), 40, 2)
    salt, hidden = "00112233445566778899", "the bureau's own words"
    named = {"chain": "quicknet", "round": 1, "commitment": commitment(salt, hidden)}
    make(tmp_path / "d", rows, TWENTY | {"randomness": named}, "", Beacon(1, ROUND["signature"]), f"{salt}:{hidden}")
    found = replay(tmp_path / "d")
    assert found["verdict"] == "same"
    assert all(check(found, code)["state"] == "holds" for code in ("round", "signature", "secret", "seed"))
    proof = json.loads((tmp_path / "d" / "record.json").read_bytes())["proof"]
    forged = proof["drand"] | {"signature": "00" + proof["drand"]["signature"][2:]}
    sealed_anew(tmp_path / "d", proof=proof | {"drand": forged})
    forged_found = replay(tmp_path / "d")
    assert forged_found["first"]["code"] == "signature" and check(forged_found, "seed")["state"] == "fails"
    sealed_anew(tmp_path / "d", proof=proof | {"secret": {"salt": salt, "secret": "another"}})
    assert replay(tmp_path / "d")["first"]["code"] == "secret"


def test_it_says_so_where_it_cannot_replay_a_method(tmp_path: Path) -> None:
    make(tmp_path / "d", units(random.Random(2), 30, 1), TWENTY | {"method": "pps_maxentropy"}, "dice 1")
    found = replay(tmp_path / "d")
    assert found["verdict"] == "partly" and found["elsewhere"] == ["draw"]


def test_it_names_the_file_that_is_absent(drawn: Path) -> None:
    (drawn / "working.csv").unlink()
    assert replay(drawn)["first"]["place"] == {"file": "working.csv"}
