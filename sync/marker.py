"""A word beside the ledger that a kiosk was enrolled here, and which one.

A ledger that was emptied or moved away looks like that of a new machine, on which nothing waits:
with this file the loss is seen. It holds the device's key as the ledger does, for its owner's eyes
alone: should that page of the ledger break, what is whole in it can still be signed (`salvage`).
Central's public key stands there too, so that a kiosk whose ledger is gone can still be helped.
"""

import json
from contextlib import suppress
from pathlib import Path

from nacl.signing import SigningKey

from sync.durable import write_whole
from sync.identity import Identity
from sync.records import DeviceId

NAME = "enrolled.json"
_KEY_BYTES, _KEY_ID_BYTES = 32, 8


def mark(folder: Path, identity: Identity, sealing: tuple[bytes, bytes] | None = None) -> None:
    """Note who was enrolled here; a disk that has no room for it is asked again next time.

    Args:
        folder: where the ledger lies.
        identity: who it is.
        sealing: the id and the public key that is sealed to, where one is known.
    """
    note = {
        "device": identity.device,
        "kiosk_number": identity.kiosk_number,
        "office": identity.office,
        "signing_key": bytes(identity.signing_key).hex(),
    }
    if sealing is not None:
        note["sealing_key"] = sealing[1].hex()
        note["sealing_key_id"] = sealing[0].hex()
    path, data = folder / NAME, json.dumps(note, indent=1).encode()
    with suppress(OSError):
        if not path.exists() or path.read_bytes() != data:
            write_whole(path, data)


def find_sealing_key(folder: Path) -> tuple[bytes, bytes] | None:
    """The id and the public key of central that things are sealed to; None where none is noted."""
    try:
        note = json.loads((folder / NAME).read_bytes())
        id_, key = bytes.fromhex(note["sealing_key_id"]), bytes.fromhex(note["sealing_key"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (id_, key) if len(key) == _KEY_BYTES and len(id_) == _KEY_ID_BYTES else None


def find(folder: Path) -> Identity | None:
    """Who was enrolled here; None where nobody was, or it cannot be read."""
    try:
        note = json.loads((folder / NAME).read_bytes())
        return Identity(
            device=DeviceId(str(note["device"])),
            signing_key=SigningKey(bytes.fromhex(note["signing_key"])),
            kiosk_number=int(note["kiosk_number"]),
            office=str(note["office"]),
            office_name={},
            portal_url="",
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
