"""The events of qualifications, change filings, signatories and certificates, in words."""

from __future__ import annotations
