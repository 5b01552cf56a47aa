"""Bounded walkers: what a file of each format carries beside its picture."""
