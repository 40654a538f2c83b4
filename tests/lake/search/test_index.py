"""The search index: what is found, filtered, mended and told; writers, readers and a death in between."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from qualipolis.lake.search import Document, Index
from qualipolis.methods.problems import InputError

DAY = datetime.date(2026, 4, 15)
LETTERS = [
    Document("C1", "买的充电宝充电时发烫，外壳鼓包", {"kind": "complaint", "town": "长安", "day": DAY}),
    Document(
        "C2", "童装洗過三次以後嚴重褪色", {"kind": "complaint", "town": ["虎门", "厚街"], "day": DAY.replace(day=20)}
    ),
    Document("R1", "举报：商家销售的充电宝没有认证标志", {"kind": "report", "town": "长安"}),
    Document("R2", "Bluetooth耳机 TWS-300 没有声音，充电发烫", {"kind": "report", "day": DAY.replace(month=6)}),
]


@pytest.fixture
def index(tmp_path):
    made = Index.create(tmp_path / "index", codes=["kind", "town"], numbers=["day"])
    made.add(LETTERS)
    return made


def keys(hits):
    return [hit.key for hit in hits.hits]


def test_every_word_of_a_short_query_must_stand_in_the_text(index):
    found = index.search("充电宝 发烫")
    assert keys(found) == ["C1"] and found.total == 1 and found.exact and found.mode == "all"
    assert found.hits[0].why == ("充电宝", "发烫")


def test_width_case_and_traditional_characters_do_not_matter(index):
    assert keys(index.search("洗过 严重")) == ["C2"]
    assert keys(index.search("ｂｌｕｅｔｏｏｔｈ")) == ["R2"] and keys(index.search("tws-300")) == ["R2"]


def test_a_sentence_is_found_by_its_telling_words_and_says_which(index):
    found = index.search("我上个月给孩子买的童装才洗了两次就褪色得很厉害")
    assert found.mode == "any" and keys(found)[0] == "C2" and set(found.hits[0].why) >= {"童装", "褪色"}


def test_filters_narrow_by_code_by_choice_and_by_day(index):
    assert keys(index.search("充电宝", {"kind": "report"})) == ["R1"]
    assert keys(index.search("", {"town": "厚街"})) == ["C2"]
    assert set(keys(index.search("", {"town": ["厚街", "长安"]}))) == {"C1", "C2", "R1"}
    assert set(keys(index.search("", {"day": (DAY, DAY.replace(month=5))}))) == {"C1", "C2"}
    assert set(keys(index.search("", {"day": (DAY.replace(day=16), None), "kind": None}))) == {"C2", "R2"}
    assert index.search("充电宝", {"kind": []}).total == 0


def test_a_sentence_within_a_filter_finds_only_what_passes(index):
    found = index.search("商家卖给我的充电宝充电的时候一直发烫没有声音", {"kind": "report"})
    assert set(keys(found)) == {"R1", "R2"}


def test_one_character_finds_the_words_that_have_it(index):
    assert set(keys(index.search("壳"))) == {"C1"} and index.search("鳄").total == 0


@pytest.mark.parametrize(
    ("typed", "meant", "how", "key"),
    [
        ("chongdianbao", "充电宝", "pinyin", "C1"),
        ("congdianbao", "充电宝", "pinyin", "C1"),
        ("充点宝", "充电宝", "homophone", "C1"),
        ("充申宝", "充电宝", "character", "C1"),
        ("blutooth", "bluetooth", "letters", "R2"),
    ],
)
def test_a_query_that_finds_nothing_is_read_as_it_may_have_been_meant_and_says_so(index, typed, meant, how, key):
    found = index.search(typed)
    assert key in keys(found) and [(one.typed, one.meant, one.how) for one in found.corrected] == [(typed, meant, how)]
    assert index.search(typed, mend=False).corrected == ()


def test_what_is_found_as_typed_is_never_read_otherwise(index):
    assert index.search("充电宝").corrected == () and index.search("鳄鱼皮").total == 0


def test_nothing_asked_gives_all_and_marks_alone_give_nothing(index):
    assert index.search("").total == 4 and index.search("  ").total == 4 and index.search("？！").total == 0


def test_a_document_takes_the_place_of_the_one_with_its_key(index):
    index.add([Document("C2", "童装缩水")])
    assert index.search("褪色", mend=False).total == 0 and keys(index.search("缩水")) == ["C2"] and len(index) == 4
    index.delete("C2", "nobody")
    assert len(index) == 3 and index.search("缩水", mend=False).total == 0


def test_pages_of_an_answer_follow_each_other(index):
    every = keys(index.search("", top=4))
    assert [keys(index.search("", top=1, offset=at))[0] for at in range(4)] == every
    for top, offset in ((0, 0), (101, 0), (10, -1), (10, 10_001)):
        with pytest.raises(InputError):
            index.search("充电", top=top, offset=offset)


def test_a_failed_addition_leaves_the_last_commit(index):
    def broken():
        yield Document("N1", "净水器漏水")
        raise OSError("the source ended")

    with pytest.raises(OSError, match="the source ended"):
        index.add(broken())
    assert len(index) == 4 and index.search("净水器", mend=False).total == 0
    index.add([Document("N1", "净水器漏水")])
    assert index.search("净水器").total == 1


def test_a_failed_rebuild_leaves_the_old_index_and_a_good_one_replaces_it(index, tmp_path):
    reader = Index.open(tmp_path / "index")
    with pytest.raises(InputError):
        index.rebuild([Document("A", "茶叶发霉"), Document("", "没有键")])
    assert reader.search("充电宝").total == 2
    assert index.rebuild([Document("A", "茶叶发霉")]) == 1
    assert reader.search("茶叶").total == 1 and len(reader) == 1
    assert len([one for one in (tmp_path / "index").iterdir() if one.is_dir()]) == 1


def test_fields_that_do_not_fit_are_refused_in_words(index, tmp_path):
    with pytest.raises(InputError, match="no field colour"):
        index.search("x", {"colour": "red"})
    with pytest.raises(InputError, match="whole numbers"):
        index.add([Document("X", "x", {"day": "2026-01-01"})])
    with pytest.raises(InputError, match="cannot be fields"):
        Index.create(tmp_path / "other", codes=["text"])
    with pytest.raises(InputError, match="other fields"):
        Index.create(tmp_path / "index", codes=["kind"])


def test_what_cannot_be_read_asks_to_be_built_again(tmp_path, index):
    with pytest.raises(InputError, match="Build the index again"):
        Index.open(tmp_path / "nowhere")
    name = (tmp_path / "index" / "current").read_text()
    (tmp_path / "index" / name / "meta.json").write_text("{broken")
    with pytest.raises(InputError, match="Build the index again"):
        Index.open(tmp_path / "index")


def test_an_index_made_anew_takes_the_place_of_one_that_cannot_be_read(index, tmp_path):
    (tmp_path / "index" / "current").write_text("g-gone")
    with pytest.raises(InputError, match="Build the index again"):
        Index.open(tmp_path / "index")
    made = Index.create(tmp_path / "index", codes=["kind"], anew=True)
    made.rebuild([Document("A", "茶叶发霉", {"kind": "report"})])
    assert Index.open(tmp_path / "index").search("茶叶", {"kind": "report"}).total == 1


def test_what_is_added_during_a_rebuild_is_not_lost(index, tmp_path):
    begun, adder = threading.Event(), Index.open(tmp_path / "index")

    def slowly():
        yield Document("A", "茶叶发霉")
        begun.set()
        time.sleep(0.3)
        yield Document("B", "茶叶受潮")

    thread = threading.Thread(target=index.rebuild, args=(slowly(),))
    thread.start()
    begun.wait()
    adder.add([Document("C", "茶叶有异味")])
    thread.join()
    assert {hit.key for hit in index.search("茶叶").hits} == {"A", "B", "C"}


WRITER = """
import sys, time
from qualipolis.lake.search import Document, Index
index = Index.open(sys.argv[1])
def endless():
    for at in range(100_000):
        yield Document(f"K{at}", "净水器漏水" * 20)
        if at == 3000:
            print("writing", flush=True)
index.add(endless()) if sys.argv[2] == "add" else index.rebuild(endless())
"""


@pytest.mark.parametrize("verb", ["add", "rebuild"])
def test_a_writer_killed_in_between_leaves_what_was_committed(index, tmp_path, verb):
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "index"), verb], stdout=subprocess.PIPE,
                             env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})  # fmt: skip
    assert child.stdout.readline() == b"writing\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    again = Index.open(tmp_path / "index")
    assert len(again) == 4 and again.search("净水器", mend=False).total == 0
    again.add([Document("N1", "净水器漏水")])
    assert keys(again.search("净水器")) == ["N1"] and again.search("充电宝").total == 2


def test_many_read_while_one_writes(index, tmp_path):
    stop, wrong, asked = threading.Event(), [], []

    def read():
        own = Index.open(tmp_path / "index")
        while not stop.is_set():
            found = own.search("充电宝 发烫")
            asked.append(found.total)
            if "C1" not in keys(found):
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for one in readers:
        one.start()
    for at in range(5):
        index.add([Document(f"N{at}", f"净水器漏水第{at}次")])
        time.sleep(0.01)
    stop.set()
    for one in readers:
        one.join()
    assert not wrong and len(asked) > 5 and index.search("净水器").total == 5


def test_a_second_writer_waits_for_the_first(index, tmp_path):
    def more(start):
        Index.open(tmp_path / "index").add([Document(f"W{start}-{at}", "热水器不出热水") for at in range(20)])

    writers = [threading.Thread(target=more, args=(start,)) for start in range(3)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert index.search("热水器").total == 60
