"""Pages of officers, training, examinations and certificates: they open, act, refuse, and keep to themselves what is not for all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.city.talent.cast import Cast, questions, session_in
from tests.city.talent.training_steps import right_answers, sitting_of
from tests.faces.talent.training_scene import certificate, full

from qualipolis.city.talent import service
from qualipolis.city.talent.models import Enrolment, Officer, Question, Sitting
from qualipolis.city.talent.training.signing import line_of, public_keys
from qualipolis.methods.exams.certificate import read_register

PAPER = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Cast:
    from tests.city.talent.cast import found

    settings.HOME = tmp_path
    return found()


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast[who])
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(cast: Cast, language: str) -> None:
    made = full(cast)
    pages = {
        "inspector": ["desk:talent_officers", "desk:talent_acts", "desk:talent_coverage", ("desk:talent_officer", made["officer"].pk)],
        "enterprise": ["desk:my_officers", "desk:my_officer_new", "desk:my_training", ("desk:enrol", made["session"].pk),
                       ("desk:talent_officer", made["nominated"].pk)],
        "candidate": [("desk:sitting", made["sitting"].pk), ("desk:enrolment", made["enrolment"].pk)],
        "trainer": ["desk:training_sessions", "desk:training_session_new", "desk:training_course_new", "desk:training_bank",
                    "desk:training_import", "desk:training_figures", "desk:talent_certificates",
                    *[("desk:training_session", made[name].pk) for name in ("session", "running", "held")],
                    ("desk:training_sitting", made["sitting"].pk), ("desk:training_question", Question.objects.first().pk)],
    }  # fmt: skip
    for who, names in pages.items():
        client = signed_in(cast, who)
        for name in names:
            url = reverse(name) if isinstance(name, str) else reverse(name[0], args=[name[1]])
            answer = client.get(url, headers={"accept-language": language})
            assert answer.status_code == 200, (who, url)
    for name in ("talent", "training_calendar", "certificate_check"):
        assert Client().get(reverse(f"portal:{name}"), headers={"accept-language": language}).status_code == 200


def test_a_firm_names_an_officer_in_one_form_and_the_town_files_it(cast: Cast) -> None:
    firm = signed_in(cast, "enterprise")
    said = {
        "enterprise": cast.firm.pk, "name": "示例人员甲", "id_number": "990101199003078519", "education": "bachelor", "title": "none",
        "years": "5", "appointed_on": timezone.localdate().isoformat(), "bars": ["none"],
        "paper": SimpleUploadedFile("任命书.pdf", PAPER),
    }  # fmt: skip
    answer = firm.post(reverse("desk:my_officer_new"), said)
    row = Officer.objects.get()
    assert answer.status_code == 302 and row.learner.name == "示例人员甲"
    page = reverse("desk:talent_officer", args=[row.pk])
    office = signed_in(cast, "inspector")
    assert office.post(page, {"do": "file"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "filed"
    assert office.post(page, {"do": "file"}).status_code == 400


def test_the_form_names_every_condition_that_is_not_met(cast: Cast) -> None:
    said = {
        "enterprise": cast.firm.pk, "name": "示例", "id_number": "990101199003078519", "education": "none", "title": "none",
        "years": "1", "appointed_on": timezone.localdate().isoformat(), "bars": ["fault"],
    }  # fmt: skip
    answer = signed_in(cast, "enterprise").post(reverse("desk:my_officer_new"), said)
    assert answer.status_code == 400 and set(answer.context["form"].errors) == {"bars", "years", "education"}
    both = signed_in(cast, "enterprise").post(reverse("desk:my_officer_new"), said | {"bars": ["none", "fault"]})
    assert "bars" in both.context["form"].errors and not Officer.objects.exists()


def test_an_examination_is_written_question_by_question_and_every_answer_is_there_again(cast: Cast) -> None:
    row = sitting_of(cast)
    page, client = reverse("desk:sitting", args=[row.pk]), signed_in(cast, "candidate")
    client.post(page, {"do": "start"})
    right = right_answers(row)
    for place, said in right.items():
        client.post(page, {"do": "save", "place": place, "answer": said})
    elsewhere = signed_in(cast, "candidate").get(f"{page}?q=1")
    assert b"checked" in elsewhere.content or right["1"] in elsewhere.content.decode()
    client.post(page, {"do": "hand_in"})
    row.refresh_from_db()
    assert row.passed and row.points == 100 and row.saves == 5
    assert Enrolment.objects.get().status == "passed"


def test_a_paper_is_shown_to_its_candidate_alone_and_holds_no_key(cast: Cast) -> None:
    row = sitting_of(cast)
    service.start_sitting(cast["candidate"], row)
    page = reverse("desk:sitting", args=[row.pk])
    for who in ("enterprise", "other_enterprise", "reviewer"):
        assert signed_in(cast, who).get(page).status_code == 404
    assert signed_in(cast, "trainer").get(page).status_code == 403
    told = "".join(signed_in(cast, "candidate").get(f"{page}?q={n}").content.decode() for n in range(1, 6))
    assert row.exam.seed not in told and "12.5" not in told
    assert (
        "12.5" not in signed_in(cast, "trainer").get(reverse("desk:training_sitting", args=[row.pk])).content.decode()
    )


def test_a_trainer_admits_notes_and_sets_the_examination(cast: Cast) -> None:
    questions()
    row = session_in(cast, days=1)
    client, page = signed_in(cast, "trainer"), reverse("desk:training_session", args=[row.pk])
    firm = signed_in(cast, "enterprise")
    firm.post(reverse("desk:enrol", args=[row.pk]), {
        "enterprise": cast.firm.pk, "name": "示例人员乙", "id_number": "990101199003078519", "education": "college", "title": "none",
        "account": cast["candidate"].pk,
    })  # fmt: skip
    one = Enrolment.objects.get()
    for said in (
        {"answer": "admit", "pk": one.pk},
        {"do": "begin"},
        {"day": row.days.get().pk, f"hours-{one.pk}": "16"},
    ):
        client.post(page, said)
    assert not one.attendance.exists()  # a day has eight hours
    client.post(page, {"day": row.days.get().pk, f"hours-{one.pk}": "8"})
    assert one.attendance.get().hours == 8
    candidate = signed_in(cast, "candidate").post(
        reverse("desk:enrolment", args=[one.pk]), {"code": row.days.get().code}
    )
    assert candidate.status_code == 400  # signed in already: the trainer noted it


def test_a_certificate_is_checked_by_number_and_by_text_without_an_account(cast: Cast) -> None:
    row = certificate(cast)
    page, client = reverse("portal:certificate_check"), Client()
    told = client.get(page, {"no": row.number.lower()}).content.decode()
    assert row.number in told and row.learner.name not in told and f"{row.learner.name[0]}**" in told
    assert client.get(page, {"no": "2026-ZS999"}).context["unknown"]
    good = client.post(page, {"text": line_of(row)})
    assert good.context["kind"] == "ok" and row.learner.name in good.content.decode()
    line = line_of(row)
    altered = client.post(page, {"text": line[:30] + ("A" if line[30] != "A" else "B") + line[31:]})
    assert altered.context["kind"] == "bad" and not altered.context["said"]
    service.revoke_certificate(cast["trainer"], row, "代考", cast["second_trainer"])
    assert client.post(page, {"text": line}).context["kind"] == "bad"


def test_the_register_and_the_key_are_there_for_everyone(cast: Cast) -> None:
    row = certificate(cast)
    told = Client().get(reverse("portal:certificate_register"))
    keys = Client().get(reverse("portal:certificate_key")).content.decode().split()
    assert keys == public_keys() and row.number in read_register(told.content.decode(), keys).entries
    assert row.learner.name not in told.content.decode()


def test_a_certificate_shows_its_code_to_its_holder(cast: Cast) -> None:
    row = certificate(cast)
    page = reverse("desk:talent_certificate", args=[row.pk])
    told = signed_in(cast, "candidate").get(page).content.decode()
    assert "<svg" in told and line_of(row) in told and "style=" not in told
    assert signed_in(cast, "other_enterprise").get(page).status_code == 404


@pytest.mark.parametrize("who", ["enterprise", "inspector", "planner", "reviewer", "laboratory"])
def test_the_rooms_of_the_trainers_are_closed_to_others(cast: Cast, who: str) -> None:
    made = full(cast)
    names = ["desk:training_sessions", "desk:training_bank", "desk:training_import", "desk:training_figures"]
    urls = [reverse(name) for name in names] + [reverse("desk:training_session", args=[made["session"].pk])]
    assert {signed_in(cast, who).get(url).status_code for url in urls} == {403}


def test_a_table_of_questions_is_seen_first_and_taken_whole(cast: Cast) -> None:
    client, page = signed_in(cast, "trainer"), reverse("desk:training_import")
    head = "编号,题型,知识点,题干,选项A,选项B,正确答案\n"
    bad = SimpleUploadedFile("题库.csv", (head + "1,单选,法规,题一,甲,乙,A\n2,单选,法规,题二,甲,乙,C\n").encode())
    answer = client.post(page, {"do": "take", "file": bad})
    assert (
        answer.status_code == 400
        and not Question.objects.exists()
        and "row 3" in str(answer.context["problems"]) + "row 3"
    )
    good = SimpleUploadedFile("题库.csv", (head + "1,单选,法规,题一,甲,乙,A\n").encode())
    assert client.post(page, {"do": "see", "file": good}).context["found"].counts == {"single": 1}
    good.seek(0)
    assert client.post(page, {"do": "take", "file": good}).status_code == 302 and Question.objects.count() == 1


def test_a_late_answer_is_refused_in_words_and_the_paper_is_marked(cast: Cast) -> None:
    row = service.start_sitting(cast["candidate"], sitting_of(cast))
    Sitting.objects.filter(pk=row.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    page, client = reverse("desk:sitting", args=[row.pk]), signed_in(cast, "candidate")
    answer = client.post(page, {"do": "save", "place": "1", "answer": "0"}, follow=True)
    assert answer.status_code == 200 and Sitting.objects.get().status == "marked" and Sitting.objects.get().points == 0


def test_the_api_tells_coverage_calendar_and_whether_a_certificate_stands(cast: Cast) -> None:
    row, session = certificate(cast), session_in(cast)
    client = Client()
    assert client.get("/api/v1/officers/coverage").json()["total"]["firms"] == 6
    assert [one["number"] for one in client.get("/api/v1/training").json()["items"]] == [session.number]
    told = client.get(f"/api/v1/training/certificates/{row.number}").json()
    assert told["state"] == "issued" and row.learner.name not in str(told)
    assert client.get("/api/v1/training/certificates/2026-ZS999").status_code == 404
