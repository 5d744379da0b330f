"""Keeps a receipt's secret until the paper is out, and not a moment longer than the program lives.

The disk must hold nothing that opens an application. A print job must survive until there is
paper. So the job holds the secret sealed under a key that exists only in this process: after a
power cut it opens nothing, and the receipt is printed with the application id instead.
"""

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from nacl.utils import random


class Vault:
    """One key in memory. There is one vault in a program, shared by its threads."""

    def __init__(self) -> None:
        self._box = SecretBox(random(SecretBox.KEY_SIZE))

    def seal(self, secret: bytes) -> bytes:
        """The secret as it may lie on the disk."""
        return bytes(self._box.encrypt(secret))

    def find(self, sealed: bytes) -> bytes | None:
        """The secret, if this process sealed it; else None."""
        try:
            return self._box.decrypt(sealed)
        except CryptoError:
            return None
