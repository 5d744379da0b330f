"""What is plugged into the kiosk, one file each."""
