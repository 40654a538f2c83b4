"""How a case comes in: departments and experts, registration, triage, who takes it, and the clock that may pause."""
