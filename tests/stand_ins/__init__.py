"""Implementers of our own interfaces in the simplest real way: no mocks."""
