"""A file over the limit of its form is refused before it is read."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qualipolis.faces.desk.rooms.laboratory.import_results import ResultsFile
from qualipolis.faces.desk.rooms.supervise.plan_forms import LinesFileForm
from qualipolis.faces.desk.rooms.supervise.stats_plan import OldResultsForm
from qualipolis.faces.desk.rooms.upload import TableUpload

MIB = 2**20


@pytest.mark.parametrize(
    ("form", "most"), [(TableUpload, 50), (OldResultsForm, 50), (LinesFileForm, 5), (ResultsFile, 4)]
)
def test_it_refuses_a_file_over_its_own_limit_and_takes_one_at_the_limit(form: Any, most: int) -> None:
    for size, taken in ((most * MIB, True), (most * MIB + 1, False)):
        file = SimpleUploadedFile("rows.csv", b"a,b\n1,2\n")
        file.size = size
        filled = form({"do": "import"}, {"file": file})
        assert ("file" not in filled.errors) is taken, filled.errors
        assert taken or f"{most} MB" in str(filled.errors["file"])
