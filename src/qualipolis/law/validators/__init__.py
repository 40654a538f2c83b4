"""Validators: each returns a normalised value with its problems; an error rejects, a warning is shown and kept."""

from qualipolis.law.validators.certificate_numbers import (
    ccc_certificate,
    cma_certificate,
    cnas_number,
    cnca_approval,
    complaint_document,
    management_certificate,
)
from qualipolis.law.validators.checked import Checked, half_width
from qualipolis.law.validators.credit_codes import credit_code
from qualipolis.law.validators.dongguan_units import UNITS, Unit, dongguan_unit
from qualipolis.law.validators.phones import mask_phone
from qualipolis.law.validators.standard_numbers import standard_number

__all__ = [
    "UNITS",
    "Checked",
    "Unit",
    "ccc_certificate",
    "cma_certificate",
    "cnas_number",
    "cnca_approval",
    "complaint_document",
    "credit_code",
    "dongguan_unit",
    "half_width",
    "management_certificate",
    "mask_phone",
    "standard_number",
]
