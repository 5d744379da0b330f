"""The real screens, drawn off-screen and touched as a person touches them."""
