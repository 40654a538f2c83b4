"""Results of an assessment: ranking, towns, releases."""
