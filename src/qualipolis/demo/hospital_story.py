"""One case of the demo on its way: each method is what happens on one day, by the verbs that a city uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Person
from qualipolis.city.hospital import service as hospital
from qualipolis.city.hospital.measurements.arrivals import receive
from qualipolis.city.hospital.models import Case, Examination, MeasurementFile, Offer, PrescriptionItem
from qualipolis.city.hospital.treatment.phases import Counts
from qualipolis.city.registry.models import Enterprise, Product
from qualipolis.demo.hospital_files import Given, picture
from qualipolis.demo.hospital_people import Doctors
from qualipolis.demo.hospital_words import CONTAINED, CONTAINMENT, REPORT, Ill
from qualipolis.demo.supervision_words import SAID, STANDARDS

Happens = Callable[[], Any]


class Story:
    """A case, the firm whose it is, the expert who treats it, and the steps that it may take."""

    def __init__(
        self, doctors: Doctors, firm: Enterprise, ill: Ill, expert: int, chance: np.random.Generator, *,
        light: bool = False, **said: Any,
    ) -> None:  # fmt: skip
        self.doctors, self.firm, self.ill, self.number, self.chance = doctors, firm, ill, expert, chance
        self.said, self.light = said, light
        self.case: Case = Case()

    @property
    def firm_person(self) -> Any:
        """Who acts for the firm: nobody by name in a case that is told in a few words."""
        return self.doctors.actor if self.light else self.doctors.of(self.firm)

    @property
    def doctor(self) -> Person:
        """The person who treats the case."""
        return self.doctors.person(self.number)

    def fresh(self) -> Case:
        """Return the case as it is now."""
        self.case = Case.objects.select_related("enterprise", "unit", "expert", "department").get(pk=self.case.pk)
        return self.case

    def described(self) -> dict[str, Any]:
        """Return what the firm says of its problem."""
        product = Product.objects.filter(enterprise=self.firm, category=self.ill.category).order_by("pk").first()
        today = timezone.localdate()
        return {
            "product_name": product.name_zh if product else self.ill.product,
            "product_class": self.ill.category, "standard_no": STANDARDS[self.ill.category],
            "problem_text": self.ill.problem + SAID, "defect_codes": list(self.ill.defects),
            "first_seen": today - timedelta(days=6), "volume_affected": int(self.chance.integers(2, 40)) * 50,
            "on_market": False, "consent": "anonymous", "contact_name": "质量部" + SAID, "contact_phone": "0000-0000000",
        } | self.said  # fmt: skip

    def draft(self) -> None:
        """Begin the case, with a picture unless it is told in a few words."""
        self.case = hospital.draft_case(self._writer(), self.firm, **self.described())
        self._photo()

    def _photo(self) -> None:
        if not self.light:
            given = picture(self.case.pk)
            hospital.add_photo(self.firm_person, self.case, given.name, given.chunks())

    def take(self, offer: Offer) -> Happens:
        """Begin the case from the offer after a failed sample."""

        def begin() -> None:
            self.case = hospital.take_offer(self.firm_person, offer)
            more = {key: value for key, value in self.described().items() if key not in ("product_name", "standard_no")}
            hospital.edit_case(
                self.firm_person, self.case, **more | {"problem_text": self.case.problem_text + self.ill.problem}
            )
            self._photo()
            hospital.register_case(self.firm_person, self.case, True)

        return begin

    def register(self) -> None:
        """Register the case: by the firm, or by the officer on its behalf."""
        self.draft()
        hospital.register_case(self._writer(), self.case, True)

    def _writer(self) -> Any:
        """The officer writes for a firm that is told of in a few words."""
        return self.doctors.desk if self.light else self.firm_person

    def triage(self) -> None:
        """Send it to its department."""
        department = self.doctors.departments[self.ill.department]
        hospital.triage(self.doctors.desk, self.fresh(), department, self.ill.severity, 2)

    def propose(self) -> None:
        """Propose it to the expert."""
        hospital.propose_expert(self.doctors.desk, self.fresh(), self.doctors.experts[self.number])

    def accept(self) -> None:
        """Have the expert take it."""
        hospital.accept_case(self.doctor, self.fresh())

    def assign(self) -> None:
        """Send it to its department, propose it and have it taken on one day."""
        self.triage()
        self.propose()
        self.accept()

    def contain(self) -> None:
        """Ask for a containment before the cause is known; the firm does it at once."""
        today = timezone.localdate()
        owner = "生产负责人" + SAID
        item = hospital.add_containment(
            self.doctor, self.fresh(), CONTAINMENT, owner, today + timedelta(days=3), CONTAINED
        )
        hospital.finish_item(self.firm_person, item, "在库 1,240 双全部隔离，在售 310 双下架" + SAID)
        hospital.accept_item(self.doctor, item)

    def order(self, names: tuple[tuple[str, str, str], ...], question: str = "") -> Examination:
        """Order an examination at the laboratory of the demo."""
        standard = STANDARDS[self.ill.category]
        items = [
            {"name": name, "unit": unit, "requirement": wanted, "standard": standard} for name, unit, wanted in names
        ]
        return hospital.order_examination(self.doctor, self.fresh(), self.doctors.laboratory, items,
                                          question=question, sample_mark="封样 1 号" + SAID)  # fmt: skip

    def examine(self) -> None:
        """Begin the examination."""
        hospital.examine(self.doctor, self.fresh())

    def diagnose(self, measurements: MeasurementFile | None = None) -> None:
        """Give the diagnosis."""
        ill = self.ill
        hospital.diagnose(self.doctor, self.fresh(), ill.root_cause, ill.statement + SAID, ill.evidence, ill.escape,
                          confidence="high", measurements=measurements)  # fmt: skip

    def write(self, *more: dict[str, Any]) -> None:
        """Write the prescription as a draft."""
        until = timezone.localdate() + timedelta(days=14)
        rows = [*self.ill.items(until), *({"finish_on": until} | row for row in more)]
        advice = "按次序实施，完成后连续采集数据再提交复查。本处方不承诺产品必然通过检验。" + SAID
        hospital.write_prescription(self.doctor, self.fresh(), rows, advice)

    def prescribe(self) -> None:
        """Write and give the prescription."""
        self.write()
        hospital.prescribe(self.doctor, self.fresh())

    def agree(self) -> None:
        """Have the firm accept the prescription."""
        hospital.accept_prescription(self.firm_person, self.fresh())

    def items(self) -> list[PrescriptionItem]:
        """Return the items that are still to be done or judged."""
        rows = self.case.items.filter(prescription__status="accepted", status__in=("open", "done", "returned"))
        return list(rows.order_by("position"))

    def finish(self) -> None:
        """Have the firm report everything done."""
        for item in self.items():
            files = [] if self.light else [picture(item.pk)]
            hospital.finish_item(self.firm_person, item, REPORT, files=files)

    def upload(self, given: Given, **how: Any) -> MeasurementFile:
        """Hand in a measurement file."""
        who = self.firm_person
        files, _token = receive(who, name_of(self.case), [given])
        return hospital.upload_measurements(who, self.fresh(), files, **how)

    def hand_in(self, words: str = "") -> None:
        """Have the firm hand in its evidence."""
        hospital.hand_in(self.firm_person, self.fresh(), words)

    def accept_items(self, *, but_last: bool = False) -> None:
        """Accept what was done, all of it or all but the last item."""
        rows = self.items()
        for item in rows[:-1] if but_last else rows:
            hospital.accept_item(self.doctor, item)

    def judge(self, clearly: bool = True) -> None:
        """Judge by counts before and after: cured when the numbers prove it, improved when they do not."""
        self.accept_items()
        item = self.fresh().items.exclude(measure="words").get(prescription__status="accepted")
        bad, good = self.chance.integers(18, 40), self.chance.integers(0, 4) if clearly else 11
        counts = Counts((float(bad), 200.0), (float(good), 400.0), timezone.localdate() - timedelta(days=1))
        proof = hospital.prove(self.doctor, item, counts)
        if proof.verdict == "proven":
            hospital.cure(self.doctor, self.fresh())
        else:
            hospital.improve(self.doctor, self.fresh())

    def follow(self, verdict: str = "holds", **more: Any) -> Happens:
        """Record the next follow-up if one is planned."""

        def call() -> None:
            row = self.fresh().follow_ups.filter(status="planned").order_by("planned_on").first()
            if row is not None:
                words = ("电话随访：生产稳定，未再收到同类投诉" if verdict == "holds" else "又出现同类问题") + SAID
                hospital.record_follow_up(self.doctors.desk, row, verdict, words, **more)

        return call

    def close(self) -> None:
        """Close the case when its cure held."""
        if self.fresh().status == "following":
            hospital.close_case(self.doctors.desk, self.case)

    def rate(self, stars: int) -> Happens:
        """Have the firm rate its treatment."""
        return lambda: hospital.rate_case(self.firm_person, self.fresh(), stars)

    def say(self, who: Person, words: str, **more: Any) -> None:
        """Say something in the consultation."""
        hospital.say(who, self.fresh(), words + SAID, **more)
