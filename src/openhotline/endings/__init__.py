"""How records end that people end: what goes of each class, in which order, and what of it is counted and stays."""
