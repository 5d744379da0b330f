"""What citizens say about the service they got."""
