"""What the inspectors of the demo do on site: visits with pictures, a form, seals, and the samples on their way."""

from __future__ import annotations

import struct
import zlib
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from django.utils import timezone

from qualipolis.city.core.models import Person
from qualipolis.city.supervise.field import forms as task_forms
from qualipolis.city.supervise.field import photos as field_photos
from qualipolis.city.supervise.field import samples
from qualipolis.city.supervise.field import visits as field_visits
from qualipolis.city.supervise.models import Sample, SamplingTask
from qualipolis.demo.supervision_words import SAID

FOREIGN = {"producer_name": "霁渚市示例鞋业有限公司" + SAID, "producer_address": "霁渚市示例路1号" + SAID}
PICTURES = ("place", "stock", "label", "seal")
_GREY = {"place": 210, "stock": 190, "label": 170, "seal": 150}


def picture(kind: str) -> bytes:
    """Return a small grey PNG: the demo has no photographs, and pretends none."""
    width = height = 8
    rows = b"".join(b"\x00" + bytes([_GREY[kind]]) * width for _ in range(height))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def first_of(task: SamplingTask) -> Person:
    """Return the first of the inspectors named for a task."""
    return task.assignments.select_related("person").order_by("pk")[0].person


def arrive(task: SamplingTask) -> Person:
    """Go to the firm."""
    person = first_of(task)
    field_visits.arrive(person, task)
    return person


def fill(task: SamplingTask, person: Person, chance: np.random.Generator, *, foreign: bool = False) -> None:
    """Take the pictures and fill in the form; a ``foreign`` product names a producer of another city on its label."""
    for kind in PICTURES:
        number = uuid5(NAMESPACE_URL, f"demo/{task.number}/{kind}/{task.samples.count()}")
        field_photos.add_photo(person, task, number, kind, f"{kind}.png", [picture(kind)])
    firm = task.enterprise
    today, attempt = timezone.localdate(), task.samples.filter(part="test").count() + 1
    mark = f"{task.number}-{attempt}"
    seal = f"{zlib.crc32(mark.encode()) % 10**7:07d}"  # as printed beforehand: a seal tells the laboratory no task
    said = {
        "product_name": task.product.name_zh if task.product else task.campaign.rule.category,
        "model": f"YT-{int(chance.integers(100, 999))}",
        "brand": f"云汀示例{SAID}",
        "batch": f"{today:%Y%m}{int(chance.integers(1, 99)):02d}",
        "made_on": str(today - timedelta(days=int(chance.integers(10, 70)))),
        "stock": int(chance.integers(60, 900)),
        "price": f"{int(chance.integers(20, 400))}.00",
        "voucher_no": f"演示购样-{mark}",
        "storage": "成品仓库，常温干燥" + SAID,
        "signature": "signed",
        "signatory": "企业陪同人员" + SAID,
        "seal_numbers": {"test": [f"演封{seal}A"], "backup": [f"演封{seal}B"]},
    }
    if task.campaign.stage == "sale":
        said |= FOREIGN if foreign else {"producer_code": firm.credit_code, "producer_name": firm.name_zh}
    task_forms.save_form(person, task, said)


def sample(task: SamplingTask, chance: np.random.Generator, *, foreign: bool = False) -> list[Sample]:
    """Take, seal and send the sample of a task; its backup is kept by the laboratory."""
    person = arrive(task)
    fill(task, person, chance, foreign=foreign)
    made = samples.take_sample(person, task)
    samples.keep_backup(person, made[1], "laboratory")
    samples.dispatch_sample(person, made[0], "顺路自送" + SAID)
    return made
