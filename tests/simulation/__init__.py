"""Kiosks, a central server and a bad road between them, from a seed."""
