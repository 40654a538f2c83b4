"""The audit document: one file to read, to print, and to run again to the last digit."""

from qualipolis.lake.audit.document import AUDIT_FORMAT, Audit, audit_document, read_audit
from qualipolis.lake.audit.page import file_name
from qualipolis.lake.audit.public import is_audit, public_copy
from qualipolis.lake.audit.rerun import Rerun, rerun, rerun_file

__all__ = [
    "AUDIT_FORMAT",
    "Audit",
    "Rerun",
    "audit_document",
    "file_name",
    "is_audit",
    "public_copy",
    "read_audit",
    "rerun",
    "rerun_file",
]
