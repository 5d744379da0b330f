"""What proves the kiosk and its central server: see README.md, "Develop"."""
