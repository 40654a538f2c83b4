"""The lists of qualifications, change filings, signatories and certificates that can be taken along."""

from __future__ import annotations
