"""What the doctors do: the thread of the case, examinations, panels, the diagnosis and a second opinion."""
