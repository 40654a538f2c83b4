"""In the laboratory: receipt, test, reports, under blind codes."""
