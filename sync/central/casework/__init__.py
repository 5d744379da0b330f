"""Casework: what officers do with the applications that reach their office."""
