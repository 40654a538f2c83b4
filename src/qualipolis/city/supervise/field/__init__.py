"""On site: tasks, forms, samples, blind codes, what devices send."""
