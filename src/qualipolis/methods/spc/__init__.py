"""Statistical process control: charts and their rules, and the constants they rest on."""
