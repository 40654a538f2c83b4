"""Supervision sampling (产品质量监督抽查): plans, campaigns, draws, samples, tests, results, and what follows them."""
