"""Keys, secrets and nonces from a seed too, so that a seed tells its whole history.

The product draws them from the system, and their digests decide how entries are sorted and paired:
a history whose secrets are new each time goes wrong only sometimes. Whoever looks for the reason
needs the very same one.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from unittest.mock import patch

from nacl import bindings


@contextmanager
def everything_from(seed: int) -> Iterator[None]:
    """While this lasts, what asks the system for chance gets it from the seed."""
    drawn = random.Random(seed).randbytes

    def sealed(message: bytes, key: bytes) -> bytes:
        """As libsodium's `crypto_box_seal`, which draws its own key where nobody reaches."""
        own, secret = bindings.crypto_box_seed_keypair(drawn(32))
        nonce = blake2b(own + key, digest_size=24).digest()
        return own + bindings.crypto_box_easy(message, nonce, key, secret)

    with (
        patch.object(os, "urandom", drawn),
        patch.object(random, "_urandom", drawn),  # what `secrets` draws from
        patch.object(bindings, "crypto_box_seal", sealed),
    ):
        yield
