"""QIF documents and calibration certificates: values, limits, uncertainties, and what is not certain said so."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualipolis.lake.factory import read_measurements
from qualipolis.methods.problems import InputError

QIF = (
    '<?xml version="1.0"?><QIFDocument xmlns="http://qifstandards.org/xsd/qif3" versionQIF="3.0.0"><FileUnits>'
    "<PrimaryUnits><LinearUnit><UnitName>mm</UnitName></LinearUnit></PrimaryUnits></FileUnits><Characteristics>"
    "<CharacteristicDefinitions>{definition}</CharacteristicDefinitions><CharacteristicNominals>"
    '<DiameterCharacteristicNominal id="2"><CharacteristicDefinitionId>1</CharacteristicDefinitionId>'
    "<TargetValue>10</TargetValue></DiameterCharacteristicNominal></CharacteristicNominals><CharacteristicItems>"
    '<DiameterCharacteristicItem id="3"><Name>D</Name><CharacteristicNominalId>2</CharacteristicNominalId>'
    "</DiameterCharacteristicItem></CharacteristicItems></Characteristics><MeasurementsResults>{results}"
    "</MeasurementsResults></QIFDocument>"
)
OFFSETS = (
    '<DiameterCharacteristicDefinition id="1"><Tolerance><MaxValue>0.2</MaxValue><MinValue>-0.1</MinValue>'
    "<DefinedAsLimit>false</DefinedAsLimit></Tolerance></DiameterCharacteristicDefinition>"
)
FLAT = (
    '<FlatnessCharacteristicDefinition id="1"><ToleranceValue>0.05</ToleranceValue></FlatnessCharacteristicDefinition>'
)


def result(value: str, status: str = "PASS", item: str = "3", unit: str = "") -> str:
    return (
        "<MeasurementResults><MeasuredCharacteristics><CharacteristicMeasurements><DiameterCharacteristicMeasurement>"
        f"<Status><CharacteristicStatusEnum>{status}</CharacteristicStatusEnum></Status>"
        f"<CharacteristicItemId>{item}</CharacteristicItemId><Value{unit}>{value}</Value>"
        "<TimeStamp>2024-03-12T08:15:00Z</TimeStamp></DiameterCharacteristicMeasurement>"
        "</CharacteristicMeasurements></MeasuredCharacteristics></MeasurementResults>"
    )


def qif(results: str, definition: str = OFFSETS) -> bytes:
    return QIF.format(results=results, definition=definition).encode()


def codes(data: bytes, name: str = "a.qif") -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read_measurements(data, name=name)
    return {p.code: str(p) for p in caught.value.problems}


def test_a_qif_2_sample_gives_two_values_and_its_limits_are_doubted_aloud(shared: Path) -> None:
    found = read_measurements(shared / "data/factory-files/qif/mitutoyo_statistics_sample.QIF")
    diameter = found.characteristics[0]
    assert (diameter.name, diameter.nominal, diameter.lower, diameter.upper) == ("Diameter #1", 2.0, 1.8, 2.2)
    assert diameter.readings.value.tolist() == [1.999, 2.001]
    assert list(diameter.readings.subgroup) == ["1", "2"]
    assert [p.code for p in found.warnings] == ["offsets"]


def test_a_qif_without_values_says_so(shared: Path) -> None:
    found = read_measurements(shared / "data/factory-files/qif/mitutoyo_statistics_userdefined_grr_sample.QIF")
    assert found.count == 0
    assert "no single values" in found.preview()
    assert "GageRandRStudyResults (1)" in found.preview()


def test_qif_3_offsets_count_from_the_nominal_value() -> None:
    found = read_measurements(qif(result("10.1") + result("", "NOT_MEASURED")), name="a.qif")
    diameter = found.characteristics[0]
    assert (diameter.unit, diameter.lower, diameter.upper) == ("mm", 9.9, 10.2)
    assert diameter.readings.valid.tolist() == [True, False]
    assert str(diameter.readings.time[0]) == "2024-03-12T08:15:00.000000"


def test_a_flatness_has_a_natural_boundary_of_zero() -> None:
    flat = read_measurements(qif(result("0.01"), FLAT), name="a.qif").characteristics[0]
    assert (flat.lower, flat.lower_natural, flat.upper) == (0.0, True, 0.05)


def test_lengths_are_converted_and_other_units_refused() -> None:
    found = read_measurements(qif(result("0.4", unit=' linearUnit="inch"')), name="a.qif")
    assert found.characteristics[0].readings.value.tolist() == [10.16]
    assert "unit" in codes(qif(result("0.4", unit=' linearUnit="furlong"')))


def test_a_measurement_of_nothing_is_refused() -> None:
    assert "99" in codes(qif(result("1", item="99")))["dangling"]


def test_a_certificate_gives_values_uncertainties_and_limits(shared: Path) -> None:
    found = read_measurements(shared / "data/factory-files/dcc/dcc_gp_temperature_typical_v12.xml", languages=("en",))
    reference, measured, error = found.characteristics
    assert (reference.name, reference.unit, reference.names["de"]) == ("Reference value", "\\kelvin", "Bezugswert")
    assert measured.readings.value.tolist() == [306.32, 373.21, 448.36, 523.31, 593.07]
    assert measured.details["other_units"] == "\\degreecelsius"
    assert error.readings.uncertainty.tolist() == [0.061] * 5
    assert error.readings.coverage.tolist() == [2] * 5
    assert error.readings.lower.tolist() == [-0.23, -0.23, -0.23, -0.3, -0.3]
    assert list(error.readings.further["conformity"]) == ["pass"] * 5
    assert error.role == "basic_measurementError"
    assert found.certificate.signature == "absent"
    assert found.certificate.conditions[0] == "Immersion depth in water bath: Immersion depth 0.1 \\metre"


@pytest.mark.parametrize(("name", "count"), [("sample_dcc.xml", 5), ("demo_cert.xml", 8)])
def test_other_certificates_read(shared: Path, name: str, count: int) -> None:
    found = read_measurements(shared / "data/factory-files/dcc" / name)
    assert found.count == count
    assert found.origin.version == "3.3.0"


def test_a_signature_is_present_but_never_called_genuine(shared: Path) -> None:
    data = (shared / "data/factory-files/dcc/sample_dcc.xml").read_bytes()
    signature = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></dcc:digitalCalibrationCertificate>'
    found = read_measurements(data.replace(b"</dcc:digitalCalibrationCertificate>", signature), name="a.xml")
    assert found.certificate.signature == "present, not verified"
    assert "not verified" in found.preview()


def test_values_and_uncertainties_must_be_as_many(shared: Path) -> None:
    data = (shared / "data/factory-files/dcc/dcc_gp_temperature_typical_v12.xml").read_bytes()
    assert "5 values but 2" in codes(data.replace(b"XMLList>0.061<", b"XMLList>0.061 0.062<"), "a.xml")["length"]


def test_a_certificate_in_gb18030_reads() -> None:
    text = (
        '<?xml version="1.0" encoding="GB18030"?><digitalCalibrationCertificate><measurementResults><measurementResult>'
        '<results><result><data><quantity><name><content lang="zh">长度</content></name><real><value>1.5</value>'
        "<unit>\\metre</unit></real></quantity></data></result></results></measurementResult></measurementResults>"
        "</digitalCalibrationCertificate>"
    )
    found = read_measurements(text.encode("gb18030"), name="a.xml").characteristics[0]
    assert (found.name, found.readings.value.tolist()) == ("长度", [1.5])


def test_a_standard_uncertainty_is_kept_with_a_factor_of_one(shared: Path) -> None:
    data = (shared / "data/factory-files/dcc/sample_dcc.xml").read_bytes()
    data = data.replace(b"valueExpandedMU", b"valueStandardMU").replace(b"coverageFactor", b"somethingElse")
    first = read_measurements(data, name="a.xml").characteristics[0].readings
    assert (first.uncertainty.tolist(), first.coverage.tolist()) == ([0.012], [1.0])
