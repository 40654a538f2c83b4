"""Pages after a failed result: the list of a branch, one case, the firm's own page, letters, transfers, penalties."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse as address
from django.utils import timezone
from tests.city.supervise.cast import make_campaign
from tests.city.supervise.handled import PDF, announced, final, hand, opened, reported, reverse, served
from tests.city.supervise.test_penalties import decided
from tests.city.supervise.test_publications import published

from qualipolis.city.core.models import Attachment
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import HandlingCase, QualityMeeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(client, cast):
    """Return ``visit(person, path, **posted)``: the answer of a page to a person."""

    def go(who, path, **posted):
        client.force_login(who)
        return client.post(path, posted) if posted else client.get(path)

    return go


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def of(case):
    return f"/desk/handling/{case.pk}/"


def primary(page):
    """Return how many primary buttons a page has."""
    return page.count("btn-primary")


def test_the_list_shows_the_cases_of_the_branch_with_export(cast, visit):
    case = opened(cast)
    page = text(visit(hand(cast), "/desk/handling/"))
    assert (case.number in page and "/reports/" in page) or "xlsx" in page
    assert case.number not in text(visit(cast["inspector"], "/desk/handling/"))
    assert case.number not in text(visit(hand(cast), "/desk/handling/?show=late"))
    assert case.number in text(visit(hand(cast), f"/desk/handling/?q={case.number}"))


def test_a_case_is_ordered_served_and_reviewed_on_its_page(cast, visit):
    case, who = opened(cast), hand(cast)
    page = text(visit(who, of(case)))
    assert primary(page) == 1 and "35 mg/kg" in page and "≤ 20 mg/kg" in page
    assert visit(who, of(case), do="order", document_no="责改1号").status_code == 302
    today = timezone.localdate().isoformat()
    assert "回执" not in text(visit(who, of(case), do="serve", served_on=today))  # neither file nor words: refused
    proof = SimpleUploadedFile("回执.pdf", PDF[0])
    assert visit(who, of(case), do="serve", served_on=today, proof=proof).status_code == 302
    case.refresh_from_db()
    assert case.status == "correcting" and case.correct_by.isoformat() in text(visit(who, of(case)))
    reported(cast, case)
    assert visit(who, of(case), do="pass", document_no="复查1号", passed_on=today).status_code == 302
    assert visit(who, of(case), do="close").status_code == 302
    case.refresh_from_db()
    assert case.status == "closed" and primary(text(visit(who, of(case)))) == 0


def test_marks_are_recorded_beside_the_way_and_refusals_say_why(cast, visit):
    case, who, today = served(cast), hand(cast), timezone.localdate().isoformat()
    page = text(visit(who, of(case), do="restart", seen_on=today, words="恢复生产", fine="40000"))
    assert "30000" in page and not case.restarts.exists()
    assert visit(who, of(case), do="restart", seen_on=today, words="恢复生产", fine="20000").status_code == 302
    assert visit(who, of(case), do="cause", cause="面料来料未检").status_code == 302
    assert visit(who, of(case), do="follow_up", reason="跟踪").status_code == 302
    assert visit(who, of(case), do="serious", reason="涉嫌以次充好").status_code == 302
    said = {"kind": "light", "document_no": "处罚1号", "decided_on": today, "words": "通报批评"}
    assert visit(who, of(case), do="penalty", **said).status_code == 302
    page = text(visit(who, of(case)))
    assert "恢复生产" in page and "面料来料未检" in page and "通报批评" in page


def test_another_branch_and_outsiders_do_not_open_a_case(cast, visit):
    case = opened(cast)
    assert visit(cast["inspector"], of(case)).status_code == 404
    assert visit(cast["expert"], of(case)).status_code == 404
    assert visit(cast["enterprise"], of(case)).status_code == 403
    assert visit(cast["laboratory"], of(case)).status_code == 403


def test_the_firm_reports_with_evidence_on_its_own_page(cast, visit):
    case, who = served(cast), cast["enterprise"]
    path = f"/desk/corrections/{case.pk}/"
    assert case.number in text(visit(who, "/desk/corrections/")) and primary(text(visit(who, path))) == 1
    assert case.status == "correcting"
    page = text(visit(who, path, do="request_review", report="已整改"))  # no evidence yet
    case.refresh_from_db()
    assert case.status == "correcting" and "已整改" in page
    assert visit(who, path, do="attach", files=SimpleUploadedFile("照片.pdf", PDF[0])).status_code == 302
    assert visit(who, path, do="request_review", report="已整改").status_code == 302
    case.refresh_from_db()
    assert case.status == "review_requested" and Attachment.objects.filter(name="照片.pdf").exists()


def test_the_page_of_the_firm_names_nobody_of_the_authority(cast, visit):
    case = served(cast)
    hand(cast).display_name = "李检查"
    hand(cast).save()
    assert "李检查" not in text(visit(cast["enterprise"], f"/desk/corrections/{case.pk}/"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["order", "announcement", "report"])
def test_letters_are_pdf_for_the_branch_and_the_firm(cast, visit, kind, lang):
    case = announced(cast)
    for who in (hand(cast), cast["enterprise"]):
        answer = visit(who, f"{of(case)}{kind}-{lang}.pdf")
        assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_an_announcement_that_was_not_made_has_no_letter(cast, visit):
    case = served(cast)
    assert visit(hand(cast), f"{of(case)}announcement-zh.pdf").status_code == 404
    assert visit(hand(cast), f"{of(case)}other-zh.pdf").status_code == 404
    assert visit(cast["inspector"], f"{of(case)}order-zh.pdf").status_code == 404


def test_a_transfer_is_sent_on_its_page(cast, visit):
    row = final(cast, producer_elsewhere=True).transfers.get()
    path, who = f"/desk/transfers/{row.pk}/", cast["department"]
    assert row.number in text(visit(who, "/desk/transfers/")) and primary(text(visit(who, path))) == 1
    said = {"authority": "佛山局", "document_no": "移1号", "sent_on": timezone.localdate().isoformat()}
    assert visit(who, path, do="send", **said).status_code == 302
    assert visit(hand(cast), path).status_code == 404


def test_a_publication_is_drafted_approved_and_published_on_its_pages(cast, visit):
    campaign = make_campaign(cast)
    final(cast, campaign)
    page = text(visit(cast["department"], "/desk/publications/"))
    assert campaign.name_zh in page
    answer = visit(cast["department"], "/desk/publications/", do="draft", pk=campaign.pk)
    path = answer["Location"]
    assert visit(cast["leader"], path, do="approve", document_no="公布1号").status_code == 302
    assert visit(cast["department"], path, do="publish").status_code == 302
    assert "35 mg/kg" in text(visit(cast["department"], path))
    assert visit(cast["department"], "/desk/publications/", do="draft", pk=campaign.pk).status_code == 302


def test_a_corrected_publication_shows_what_changed(cast, visit):
    row = published(cast)
    reverse(HandlingCase.objects.get().result)
    page = text(visit(cast["planner"], f"/desk/publications/{row.corrected_by.pk}/"))
    assert "<del>" in page and "<ins>" in page and f"/desk/publications/{row.pk}/" in page


def test_a_penalty_is_published_and_checked_on_its_page(cast, visit):
    row = decided(cast)
    path, who = f"/desk/penalties/{row.pk}/", cast["department"]
    assert row.number in text(visit(who, "/desk/penalties/")) and primary(text(visit(who, path))) == 1
    assert visit(who, path, do="publish").status_code == 302
    reverse(row.case.result)
    assert visit(who, path, do="uphold", reason="另有依据").status_code == 302
    row.refresh_from_db()
    assert row.status == "published" and row.check_since is None


def test_a_proposed_meeting_is_called_and_minuted(cast, visit):
    campaign, today = make_campaign(cast), timezone.localdate().isoformat()
    for firm in (0, 1, 2):
        final(cast, campaign, firm=firm)
    who = cast["department"]
    assert campaign.name_zh in text(visit(who, "/desk/meetings/"))
    said = {"do": f"call-{campaign.pk}", "held_on": today, "problem": "甲醛集中超标"}
    assert visit(who, "/desk/meetings/", **said).status_code == 302
    row = QualityMeeting.objects.get()
    assert visit(who, "/desk/meetings/", do=f"minute-{row.pk}", firms=12, agreed="来料必检").status_code == 302
    assert "来料必检" in text(visit(cast["planner"], "/desk/meetings/"))


@pytest.mark.parametrize("path", ["handling", "transfers", "publications", "penalties", "meetings"])
def test_an_empty_list_says_why(cast, visit, path):
    assert 'class="empty"' in text(visit(cast["planner"], f"/desk/{path}/"))
    assert 'class="empty"' in text(visit(cast["enterprise"], "/desk/corrections/"))


def test_a_follow_up_is_made_on_the_page_and_linked_both_ways(cast, visit):
    case = service.ask_follow_up(hand(cast), served(cast), "整改后跟踪抽查")
    wrong = text(visit(cast["department"], of(case), do="make_follow_up", campaign="JC-none"))
    assert "没有这个编号的抽查任务" in wrong and not case.result.follow_ups.exists()
    assert visit(cast["department"], of(case), do="make_follow_up", campaign="").status_code == 302
    task = case.result.follow_ups.get()
    assert f'href="{address("desk:task", args=[task.pk])}"' in text(visit(cast["department"], of(case)))
    there = text(visit(cast["department"], address("desk:task", args=[task.pk])))
    assert f'href="{address("desk:result", args=[case.result_id])}"' in there and case.result.number in there
