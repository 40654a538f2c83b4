"""Digital calibration certificates: read, held against the instrument, never called genuine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.city.nqi.cast import Cast
from tests.city.nqi.licensed import instrument, on

from qualipolis.city.nqi.metrology.digital import LIMIT, read
from qualipolis.methods.problems import InputError

CERTIFICATE = """<?xml version="1.0" encoding="UTF-8"?>
<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" xmlns:si="https://ptb.de/si" schemaVersion="3.2.1">
<dcc:administrativeData><dcc:coreData><dcc:usedLangCodeISO639_1>zh</dcc:usedLangCodeISO639_1>
<dcc:mandatoryLangCodeISO639_1>zh</dcc:mandatoryLangCodeISO639_1><dcc:uniqueIdentifier>JL-2026-7</dcc:uniqueIdentifier>
<dcc:beginPerformanceDate>2026-06-28</dcc:beginPerformanceDate><dcc:endPerformanceDate>2026-06-29</dcc:endPerformanceDate></dcc:coreData>
<dcc:items><dcc:item><dcc:name><dcc:content lang="zh">压力表</dcc:content></dcc:name><dcc:identifications><dcc:identification>
<dcc:value>{serial}</dcc:value></dcc:identification></dcc:identifications></dcc:item></dcc:items>
<dcc:calibrationLaboratory><dcc:contact><dcc:name><dcc:content lang="zh">示范计量院</dcc:content></dcc:name></dcc:contact></dcc:calibrationLaboratory>
</dcc:administrativeData><dcc:measurementResults><dcc:measurementResult><dcc:results><dcc:result>
<dcc:name><dcc:content lang="zh">示值</dcc:content></dcc:name><dcc:data><dcc:quantity><dcc:name><dcc:content lang="zh">压力</dcc:content></dcc:name>
<si:real><si:value>1.002</si:value><si:unit>\\mega\\pascal</si:unit><si:expandedUnc><si:uncertainty>0.004</si:uncertainty>
<si:coverageFactor>2</si:coverageFactor><si:coverageProbability>0.95</si:coverageProbability></si:expandedUnc></si:real></dcc:quantity></dcc:data>
</dcc:result></dcc:results></dcc:measurementResult></dcc:measurementResults>{signature}</dcc:digitalCalibrationCertificate>"""
SIGNATURE = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'


def written(serial: str = "A1", signature: str = "") -> bytes:
    return CERTIFICATE.format(serial=serial, signature=signature).encode()


def test_a_certificate_is_read_with_value_uncertainty_and_factor(cast: Cast) -> None:
    found = read(written(), "dcc.xml", instrument(cast))
    assert (found.identifier, found.performed_on, found.problems) == ("JL-2026-7", date(2026, 6, 29), ())
    [row] = found.digital["rows"]
    assert (row["value"], row["uncertainty"], row["k"], row["inside"]) == (1.002, 0.004, 2.0, None)
    assert found.digital["laboratory"] == "示范计量院"


def test_a_signature_is_seen_and_never_called_genuine(cast: Cast) -> None:
    row = instrument(cast)
    assert read(written(), "dcc.xml", row).digital["signed"] is False
    assert read(written(signature=SIGNATURE), "dcc.xml", row).digital["signed"] is True


def test_another_serial_number_is_said(cast: Cast) -> None:
    found = read(written(serial="B9"), "dcc.xml", instrument(cast))
    assert [problem.code for problem in found.problems] == ["other_serial"]


@pytest.mark.parametrize(
    "data", [b"", b"<a/>", b"a,b\n1,2\n", b"<!DOCTYPE x [<!ENTITY e 'e'>]><x>&e;</x>", written()[:-40]]
)
def test_what_is_no_certificate_is_refused_in_words(cast: Cast, data: bytes) -> None:
    with pytest.raises(InputError) as refusal:
        read(data, "dcc.xml", instrument(cast))
    assert all(problem.text() for problem in refusal.value.problems)


def test_a_file_over_the_limit_is_not_read(cast: Cast) -> None:
    with pytest.raises(InputError) as refusal:
        read(b" " * (LIMIT + 1), "dcc.xml", instrument(cast))
    assert [problem.code for problem in refusal.value.problems] == ["too_large"]


def test_published_examples_are_read(cast: Cast, shared: Path) -> None:
    with on("2026-06-29"):
        row = instrument(cast)
        for file in sorted((shared / "data/factory-files/dcc").glob("*.xml")):
            found = read(file.read_bytes(), file.name, row)
            assert found.digital["all_rows"] >= len(found.digital["rows"]) > 0
            assert "other_serial" in {problem.code for problem in found.problems}
