"""The consultation in writing: who speaks, who reads, what the ledger keeps."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.city.hospital.cast import case_in

from qualipolis.city.core.attachments import files_of, may_read
from qualipolis.city.core.models import Event
from qualipolis.city.hospital.consultation import thread
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
SECRET = "染料批号与供应商都写在这里"


@pytest.fixture
def case(cast):
    return case_in(cast, "examining")


def _file(name="批记录.csv"):
    return SimpleUploadedFile(name, b"a,b\n1,2\n")


@pytest.mark.parametrize("who", ["enterprise", "expert", "hospital_desk", "desk_of_town", "hospital_manager"])
def test_it_lets_everyone_who_takes_part_speak(cast, case, who):
    made = thread.say(cast[who], case, "  收到  ")
    assert made.words == "收到" and made.author == cast[who]


@pytest.mark.parametrize(
    "who", ["other_enterprise", "colleague", "desk_elsewhere", "planner", "laboratory", "inspector"]
)
def test_it_lets_nobody_else_speak(cast, case, who):
    with pytest.raises(PermissionDenied):
        thread.say(cast[who], case, "收到")


def test_what_is_for_the_experts_is_not_read_by_the_firm(cast, case):
    thread.say(cast["expert"], case, "先查测温", doctors_only=True)
    thread.say(cast["enterprise"], case, "已换油")
    assert [one.words for one in thread.read_by(cast["enterprise"], case)] == ["已换油"]
    assert [one.words for one in thread.read_by(cast["hospital_desk"], case)] == ["先查测温", "已换油"]
    with pytest.raises(PermissionDenied):
        thread.say(cast["enterprise"], case, "悄悄", doctors_only=True)


def test_the_ledger_keeps_no_word_and_no_name_of_a_file(cast, case):
    thread.say(cast["expert"], case, SECRET, files=[_file(f"{SECRET}.csv")])
    payloads = list(Event.objects.values_list("payload", flat=True))
    assert payloads and not any(SECRET in one for one in payloads)
    assert json.loads(Event.objects.get(verb="hospital.say").payload)["files"] == 1


def test_a_file_is_read_by_who_reads_its_message(cast, case):
    made = thread.say(cast["expert"], case, "见附件", files=[_file()], doctors_only=True)
    kept = files_of([made])[made.pk][0]
    readers = {who for who in cast.people if may_read(cast[who], kept)}
    assert readers == {"expert", "hospital_desk", "desk_of_town", "hospital_manager"}


def test_it_refuses_empty_words_too_many_files_and_views_of_nothing(cast, case):
    with pytest.raises(InputError) as refused:
        thread.say(cast["expert"], case, " ", files=[_file(f"{n}.csv") for n in range(9)], view={"from": 1})
    assert {one.code for one in refused.value.problems} == {"no_words", "too_many_files", "bad_view"}
    with pytest.raises(InputError, match="not registered"):
        thread.say(cast["enterprise"], case_in(cast, "draft"), "在吗")
