"""What was seen by whom, for how long; budgets and breaks."""
