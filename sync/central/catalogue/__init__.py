"""The services that central has published to kiosks."""
