"""The kiosk: everything that touches a person or a device.

It takes applications where there is no line, promises with a printed receipt that each is kept,
and shows the answer when it has come home. What crosses the wire belongs to the package `sync`.
"""

VERSION = "0.1.0"  # as in pyproject.toml, which a packaged program does not have
