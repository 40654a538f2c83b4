"""What can be wrong with a product, in a workshop's words; the codes join like cases."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEFECTS: dict[str, Promise] = {
    "dimension": _("size or fit"),
    "strength": _("breaks or tears"),
    "surface": _("scratches, rust, stains"),
    "colour_fastness": _("colour fades"),
    "function": _("does not work"),
    "electrical": _("electric shock, heat, fire"),
    "mechanical_safety": _("sharp edges, small parts"),
    "chemical": _("harmful substances"),
    "food_hygiene": _("goes bad, foreign matter"),
    "endurance": _("wears out too soon"),
    "performance": _("performance below the standard"),
    "label": _("label or instructions"),
    "packaging": _("packing or transport"),
    "unstable": _("differs from batch to batch"),
    "other": _("something else"),
}


def known(codes: Iterable[str]) -> list[str]:
    """Return the codes that are known, each once, in their order.

    >>> known(["label", "nonsense", "dimension", "label"])
    ['dimension', 'label']
    """
    given = set(codes)
    return [code for code in DEFECTS if code in given]


def words(codes: Iterable[str]) -> list[str]:
    """Return the defects in words; a code of elsewhere stays as it is."""
    return [str(DEFECTS.get(code, code)) for code in codes]
