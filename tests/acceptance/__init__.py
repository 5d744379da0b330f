"""Whole programs, a file per story."""
