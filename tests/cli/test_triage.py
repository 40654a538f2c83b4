"""``qualipolis triage``: a stream of lines answered one by one, and a model learned from a table."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.commands import RUN, environment

from qualipolis.lake.models import card, load, names
from qualipolis.lake.triage import LONGEST_LINE, Line, answers, lines

TABLE = "text,label,note\n" + "".join(
    f"{thing}{fault},{label},x\n"
    for label, things in {"电": ("电池", "充电器", "插座"), "衣": ("衣服", "裤子", "毛衣")}.items()
    for thing in things
    for fault in ("坏了", "质量差", "退货不理", "有怪味")
)


@pytest.fixture(scope="module")
def model():
    return load("complaint-product-zh")


def asked(model, *contents: bytes | None) -> list[dict]:
    return list(answers(model, [Line(at, content) for at, content in enumerate(contents, 1)]))


def run(given: bytes, *args: object) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-c", RUN, "triage", *map(str, args)]
    return subprocess.run(line, input=given, env=environment(), capture_output=True, timeout=60, check=False)


def test_it_answers_a_line_with_three_labels_and_why(model):
    found = asked(model, '{"id": 7, "text": "买的洗发水越洗头皮屑越多"}'.encode())[0]
    assert (found["id"], found["line"], len(found["labels"])) == (7, 1, 3)
    assert found["labels"][0]["label"] == "cosmetics"
    assert found["why"][0]["weight"] > 0 and found["like"]


@pytest.mark.parametrize(
    ("line", "code"),
    [(b"{", "no_json"), (b"\xff\xfe", "no_json"), (b"[" * 60_000, "no_json"), (b"[1]", "no_text"), (b"{}", "no_text"),
     (b'{"text": 1}', "no_text"), (b'{"text": "a", "id": [1]}', "bad_id"), (None, "too_long")],
    ids=range(8),
)  # fmt: skip
def test_it_answers_a_bad_line_with_its_number_and_goes_on(model, line, code):
    first, second = asked(model, line, b'{"text": "\xe6\x89\x8b\xe6\x9c\xba"}')
    assert (first["line"], first["error"]["code"]) == (1, code)
    assert second["line"] == 2 and second["labels"]


def test_it_says_that_it_does_not_know_the_words(model):
    found = asked(model, b'{"text": "zzz qqq"}')[0]
    assert found["unknown"] and found["uncertain"] and "why" not in found


def test_it_holds_no_more_of_an_endless_line_than_it_may():
    pieces = iter([b"x" * 60_000] * 50 + [b"\n{}\n", b""])
    found = [one for some in lines(lambda size: next(pieces)) for one in some]
    assert [(one.number, one.content) for one in found] == [(1, None), (2, b"{}")]
    assert LONGEST_LINE < 60_000 * 50


def test_the_command_streams_and_skips_blank_lines():
    given = '{"id":"a","text":"电动车充电时起火"}\n\n{bad\n{"id":"b","text":"酒店房间很脏"}'.encode()
    done = run(given, "--model", "complaint-product-zh", "--no-why", "--top", 2)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [one["line"] for one in found] == [1, 3, 4]
    assert found[0]["labels"][0]["label"] == "ebikes" and found[2]["labels"][0]["label"] == "lodging"
    assert found[1]["error"]["code"] == "no_json"


def test_it_learns_a_model_and_says_how_good_it_is(call, tmp_path):
    table, path = tmp_path / "t.csv", tmp_path / "own.npz"
    table.write_text(TABLE, "utf-8")
    said = call("triage", "--train", table, "--label", "label", "--model", path)
    assert said.code == 0, said.err
    assert "accuracy" in said.out and path.is_file()
    about = card(path)
    assert about["source"] == "t.csv" and about["measured"]["n"] >= 4
    assert load(path).predict(["插座坏了"])[0].labels[0] == "电"


@pytest.mark.parametrize(
    ("args", "words"),
    [((), "No model was named"), (("--model", "nothing"), "There is no model nothing"),
     (("--model", "product-en", "--train", "t.csv"), "is a model that ships"),
     (("--model", "o.npz", "--train", "t.csv", "--label", "kind"), "no column kind"),
     (("--model", "o.npz", "--train", "t.csv", "--label", "note"), "Fewer than two labels")],
)  # fmt: skip
def test_it_says_what_to_mend(call, tmp_path, monkeypatch, args, words):
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(TABLE, "utf-8")
    said = call("triage", *args)
    assert said.code == 2 and words in said.err and not Path("o.npz").exists()


def test_it_lists_what_ships(call):
    said = call("triage", "--list")
    assert said.code == 0 and all(name in said.out for name in names())


def test_what_is_wrong_with_a_line_is_told_in_the_language_asked_for():
    done = run(b"x" * 70_000 + b"\n[1]\n", "--model", "complaint-product-zh", "--lang", "zh")
    told = [json.loads(line)["error"]["what"] for line in done.stdout.splitlines()]
    assert told == ["这一行超过 65536 字节。", "这一行没有 text 字段。"]


def test_an_id_that_is_no_text_in_utf8_comes_back_as_it_came(model):
    done = run(b'{"id": "\\ud800", "text": "a"}\n{"id": true, "text": "a"}', "--model", "complaint-product-zh")
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 0 and first["id"] == "\ud800"
    assert second["error"]["code"] == "bad_id"
