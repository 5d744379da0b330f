"""Every figure that we state, measured anew: `make bench`."""
