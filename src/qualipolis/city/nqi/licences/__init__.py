"""Qualifications, change filings, signatories and certificates."""
