"""How a refusal is told apart from a success."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from qualipolis.methods.problems import InputError


def refused(call: Callable[[], Any]) -> set[str]:
    """Return the codes of the refusal; going through is an error."""
    with pytest.raises(InputError) as found, transaction.atomic():
        call()
    assert all(problem.text() for problem in found.value.problems)
    return {problem.code for problem in found.value.problems}
