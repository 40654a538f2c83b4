"""Qualifications, change filings, signatories and certificates."""

from __future__ import annotations
