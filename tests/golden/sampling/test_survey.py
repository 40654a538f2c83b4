"""Every survey case of the reference (R survey 4.5) computed again; a case without a check fails."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.golden.sampling import survey_checks, survey_tests
from tests.golden.sampling.survey_data import FOLDER

FILE = FOLDER / "survey.json"
CASES = json.loads(FILE.read_text())["cases"] if FILE.is_file() else []
CHECKS = {**survey_checks.CHECKS, **survey_tests.CHECKS}


@pytest.mark.parametrize("case", CASES or [None], ids=[case["id"] for case in CASES] or ["absent"])
def test_it_agrees_with_the_reference(shared, case):
    assert case, "the reference has no cases"
    check = CHECKS.get(case["fn"])
    assert check, f"nothing checks {case['fn']}"
    with np.errstate(all="ignore"):
        check(case["design"], case["args"], case["expected"])
