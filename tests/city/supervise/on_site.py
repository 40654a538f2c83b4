"""What inspectors do on site, in a few lines: pictures, a complete form, a sample taken."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import uuid4

from tests.city.supervise.cast import Cast, make_task

from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import Sample, SamplingTask

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fcffff3f0300050001ff5ca7db0d0000000049454e44ae426082"
)
_seals = itertools.count(1)


def complete_form(**more: Any) -> dict[str, Any]:
    """Return every field that a form of a producer needs, with fresh seals."""
    number = next(_seals)
    said = {
        "product_name": "儿童T恤", "model": "110-160", "brand": "云汀", "batch": "20260901", "made_on": "2020-09-01",
        "standard": "GB 31701-2015", "stock": "120", "test_quantity": "3", "backup_quantity": "3", "price": "39.90",
        "voucher_no": "PJ-1", "storage": "成品库", "signature": "signed", "signatory": "王经理",
        "seal_numbers": {"test": [f"FT{number}"], "backup": [f"FB{number}"]},
    }  # fmt: skip
    return said | more


def take_pictures(
    person: Any, task: SamplingTask, kinds: tuple[str, ...] = ("place", "stock", "label", "seal")
) -> list:
    """Keep one picture of each kind."""
    return [service.add_photo(person, task, uuid4(), kind, f"{kind}.png", [PNG]) for kind in kinds]


def sampled(cast: Cast, task: SamplingTask | None = None, **more: Any) -> list[Sample]:
    """Walk a task from its assignment to the sealed samples."""
    task = task or make_task(cast)
    person = cast["inspector"]
    if task.status == "assigned":
        service.arrive(person, task)
    take_pictures(person, task)
    service.save_form(person, task, complete_form(**more))
    return service.take_sample(person, task)


def payload(pictures: list[Any], outcome: str = "sample", **more: Any) -> dict[str, Any]:
    """Return what a device sends."""
    return {"outcome": outcome, "form": complete_form(), "photos": [str(one.client_id) for one in pictures]} | more
