"""The audit document of a city's release: staff have it whole, the public without the data where cells are held back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from tests.faces.public_city import published  # noqa: F401 (a fixture)

from qualipolis.city.assess.queries import latest_release
from qualipolis.city.assess.releases import path_of
from qualipolis.faces.portal.published import cells_held_back
from qualipolis.lake.audit import read_audit, rerun
from qualipolis.lake.release.verify import verify_release
from qualipolis.methods.problems import InputError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
NAME = "audit-2021-R1.html"


@pytest.fixture
def given() -> bytes:
    answer = Client(HTTP_HOST="127.0.0.1").get("/releases/2021-R1/bundle.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    return archive.read(f"2021-R1/{NAME}")


def test_the_document_in_the_folder_runs_again() -> None:
    content = (path_of(latest_release()) / NAME).read_bytes()
    made = rerun(content)
    assert made.found.ok, made.found.first_problem
    assert "云汀市" in content.decode()


def test_the_public_one_holds_no_data_and_says_so(given: bytes) -> None:
    text = given.decode()
    count = cells_held_back(latest_release())
    assert count > 0
    assert f"有{count}个数据因可能暴露个案而不公开" in text
    assert "application/json" not in text
    whole = read_audit((path_of(latest_release()) / NAME).read_bytes())
    for line in whole.files["inputs/data.csv"].decode().splitlines()[1:]:
        assert line not in text
    assert "standard_errors" not in text
    with pytest.raises(InputError, match="public copy"):
        rerun(given)


def test_the_public_zip_says_that_it_is_the_public_copy(tmp_path: Path) -> None:
    answer = Client(HTTP_HOST="127.0.0.1").get("/releases/2021-R1/bundle.zip")
    zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).extractall(tmp_path)
    problem = verify_release(tmp_path / "2021-R1").first_problem
    assert problem is not None and problem.code == "public_copy"


def test_the_public_one_still_says_ranks_and_method(given: bytes) -> None:
    text = given.decode()
    assert "怎么算的" in text
    assert text.count('class="plot"') > 30
