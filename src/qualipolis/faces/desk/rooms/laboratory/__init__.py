"""What a laboratory sees: samples under blind codes, results, reports."""
