"""The technician's tools: making a machine a kiosk, looking after it, writing services."""
