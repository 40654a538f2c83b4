"""One letter of the demo on its way: each method is what happens on one day, by the verbs that a city uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from qualipolis.city.core.policy import System
from qualipolis.city.listen import service
from qualipolis.city.listen.complaints.suggestions import suggested
from qualipolis.city.listen.models import Complaint, ComplaintAnswer, Document, Report
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.demo.listening_people import Ears
from qualipolis.demo.supervision_words import SAID

PUBLIC = System("listen.public")
LABORATORY = "演示检验检测中心"
PLACE = "消费维权服务站三号调解室" + SAID


@dataclass(frozen=True)
class Said:
    """What a letter says: class, problem, product, words, claim and price."""

    product: str
    problem: str
    good: str
    facts: str
    claim: str = "退货并退还货款"
    price: int = 299


class Matter:
    """A letter, and the steps that its complaint and its report may take. The officer is the desk unless said."""

    def __init__(
        self, ears: Ears, number: int, said: Said, *, track: str = "complaint", firm: Enterprise | None = None,
        unit: Unit | None = None, channel: str = "web", proof: bool = True, anonymous: bool = False, desk: Any = None,
        shop: str = "",
    ) -> None:  # fmt: skip
        self.ears, self.number, self.said, self.track, self.firm, self.unit = ears, number, said, track, firm, unit
        self.channel, self.proof, self.anonymous = channel, proof, anonymous
        self.desk = desk or ears.desk
        self.shop = shop or f"示例商行{number}号{SAID}"
        self._complaint = self._report = 0

    def receive(self) -> None:
        """The letter comes in: by the public page, or written down by the officer who takes the call."""
        said = self.said
        found = service.receive_letter(
            PUBLIC if self.channel == "web" else self.desk, track=self.track, channel=self.channel,
            identity={} if self.anonymous else self._identity(), enterprise=self.firm, unit=self.unit,
            respondent_name=self.firm.name_zh if self.firm else self.shop, product_name=said.good, product_class=said.product,
            hazard=said.problem, facts=said.facts + SAID, claim=said.claim + SAID, price=said.price,
            bought_on=timezone.localdate() - timedelta(days=9),
        )  # fmt: skip
        self._complaint = found.complaint.pk if found.complaint else 0
        self._report = found.report.pk if found.report else 0

    def _identity(self) -> dict[str, str]:
        said = {
            "name": f"示例来信人{self.number}",
            "phone": f"0000-9{self.number:06d}",
            "address": f"示例路{self.number}号{SAID}",
        }
        return said | ({"id_kind": "passport", "id_number": f"DEMO9{self.number:05d}"} if self.proof else {})

    @property
    def complaint(self) -> Complaint:
        """The complaint as it is now."""
        return Complaint.objects.select_related("letter", "enterprise", "unit", "mediator", "officer").get(
            pk=self._complaint
        )

    @property
    def report(self) -> Report:
        """The report as it is now."""
        return Report.objects.select_related("letter", "enterprise", "unit").get(pk=self._report)

    @property
    def mediator(self) -> Any:
        """Who mediates: the desk, or the mediator of the body that was entrusted."""
        row = self.complaint
        return self.ears.mediator if row.mediator_id and "entrusted" in (row.status, row.paused_from) else self.desk

    def _texts(self, code: str, **given: Any) -> tuple[str, str]:
        return suggested(code, self.complaint, **given)

    def take(self) -> None:
        """The officer takes the complaint and notes that we are competent."""
        service.take_complaint(self.desk, self.complaint)
        service.set_competence(self.desk, self.complaint, True)

    def accept(self) -> None:
        """Take it, accept it, and serve the decision."""
        self.take()
        service.accept_complaint(self.desk, self.complaint, *self._texts("acceptance"))
        self.serve("acceptance", "complainant", "message", "短信送达回执" + SAID)

    def ask_identity(self) -> None:
        """Ask for proof of identity."""
        self.take()
        reason = "缺少身份证明材料" + SAID
        service.request_identity(self.desk, self.complaint, reason, *self._texts("identity", reason=reason))
        self.serve("identity", "complainant", "electronic", "查询页已读记录" + SAID)

    def give_identity(self) -> None:
        """The sender gives it on the page of the letter."""
        said = {"id_kind": "passport", "id_number": f"DEMO8{self.number:05d}"}
        service.complete_identity(self.desk, self.complaint.letter, said)

    def dispute(self) -> None:
        """Ask another city who is competent."""
        service.take_complaint(self.desk, self.complaint)
        service.dispute_competence(
            self.desk, self.complaint, "霁渚市市场监管局" + SAID, "经营者住所与实际经营地不一致" + SAID
        )

    def transfer(self) -> None:
        """Pass it on."""
        service.take_complaint(self.desk, self.complaint)
        body, reason = "霁渚市市场监管局" + SAID, "经营者住所地在霁渚市" + SAID
        texts = self._texts("transfer", authority=body, reason=reason)
        service.transfer_complaint(self.desk, self.complaint, body, reason, *texts)

    def refuse(self, code: str, reason: str) -> None:
        """Refuse it with a ground."""
        service.take_complaint(self.desk, self.complaint)
        texts = self._texts("refusal", reason_code=code, reason=reason + SAID)
        service.refuse_complaint(self.desk, self.complaint, code, reason + SAID, *texts)
        self.serve("refusal", "complainant", "post", "邮寄回执" + SAID)

    def ask(self, question: str = "请说明情况，并提出处理方案。") -> None:
        """Ask the firm."""
        service.ask_respondent(self.mediator, self.complaint, question + SAID)

    def answer(self, words: str = "经核对销售记录属实，愿意协商。", offer: str = "可以退货退款。") -> None:
        """The firm answers."""
        row = ComplaintAnswer.objects.filter(complaint=self._complaint).latest("pk")
        service.answer_complaint(self.speaker, row, words + SAID, offer + SAID)

    @property
    def speaker(self) -> Any:
        """Who speaks for the firm: the visitor for the own one, nobody by name for another."""
        return self.ears.officer if self.firm == self.ears.firm else self.ears.actor

    def silence(self) -> None:
        """Note that the firm did not answer."""
        service.note_silence(self.mediator, ComplaintAnswer.objects.filter(complaint=self._complaint).latest("pk"))

    def mediate(self) -> None:
        """Call the parties."""
        day = timezone.localdate() + timedelta(days=4)
        texts = self._texts("mediation", meets_on=day, how=PLACE)
        service.mediate(self.mediator, self.complaint, day, PLACE, *texts)
        self.tell("mediation")

    def entrust(self) -> None:
        """Entrust the federation."""
        service.entrust(self.desk, self.complaint, self.ears.federation, "双方同意由联合会调解" + SAID)

    def call(self) -> None:
        """The mediator of the federation calls the parties."""
        day = timezone.localdate() + timedelta(days=3)
        service.name_mediator(self.mediator, self.complaint, self.ears.mediator)
        service.call_meeting(
            self.mediator, self.complaint, day, PLACE, *self._texts("mediation", meets_on=day, how=PLACE)
        )

    def meet(self) -> None:
        """Note a meeting."""
        note = "双方陈述了经过，对责任比例有分歧。" + SAID
        service.note_meeting(self.mediator, self.complaint, timezone.localdate(), PLACE, True, True, note)

    def propose_test(self) -> None:
        """Propose a test."""
        service.propose_test(self.mediator, self.complaint, LABORATORY + SAID, "由被诉企业先行垫付" + SAID)

    def pause(self) -> None:
        """Both agree to a test, and the clock stands still."""
        self.propose_test()
        for party in ("complainant", "respondent"):
            service.answer_test(self.mediator, self.complaint, party, True)
        service.pause_mediation(self.mediator, self.complaint)

    def resume(self) -> None:
        """The test is done."""
        service.resume_mediation(self.mediator, self.complaint, "样品不符合标准要求" + SAID)

    def write(self) -> None:
        """Write the agreement for both to sign."""
        until = timezone.localdate() + timedelta(days=10)
        terms = f"商家退还货款{self.said.price}元，消费者退回商品。" + SAID
        service.write_agreement(self.mediator, self.complaint, terms, Decimal(self.said.price), until)

    def sign(self, party: str) -> None:
        """A party signs."""
        service.sign_agreement(self.mediator, self.complaint, party)

    def agree(self) -> None:
        """Both sign, and the agreement is recorded."""
        self.write()
        for party in ("complainant", "respondent"):
            self.sign(party)
        service.agree(self.mediator, self.complaint, *self._texts("agreement"))

    def end(self, code: str = "no_agreement", reason: str = "双方未能达成一致") -> None:
        """End the mediation."""
        texts = self._texts("ending", reason_code=code, reason=reason + SAID)
        service.end_mediation(self.desk, self.complaint, code, reason + SAID, *texts)

    def serve(self, code: str, party: str, method: str = "in_person", proof: str = "送达回证" + SAID) -> None:
        """Serve a document on a party."""
        row = Document.objects.filter(complaint=self._complaint, code=code).latest("pk")
        service.serve_document(self.desk, row, party, method, None, proof)

    def tell(self, code: str) -> None:
        """Serve a document on both."""
        self.serve(code, "complainant", "message", "短信送达回执" + SAID)
        self.serve(code, "respondent")

    def close(self) -> None:
        """Close it once both were told."""
        self.tell("agreement" if self.complaint.terms and not self.complaint.reason_code else "ending")
        service.close_complaint(self.desk, self.complaint)

    def rate(self, stars: int) -> None:
        """The sender says how satisfied it is."""
        service.rate_complaint(PUBLIC, self.complaint, stars)

    def withdraw(self) -> None:
        """The sender withdraws."""
        service.withdraw_complaint(PUBLIC, self.complaint, "已经和商家自行和解" + SAID)
