"""The legal life of a result: service, objections, rechecks, and when it is final."""
