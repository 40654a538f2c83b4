"""The law of supervision sampling (产品质量监督抽查): sources, dated clocks, guards, denominators, consequences."""
