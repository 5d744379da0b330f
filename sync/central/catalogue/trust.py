"""Which keys kiosks trust: made, added and revoked here, and told to all of them by the feed.

What is so stands in files (`central.keys`); what was told, in the feed. `tell` brings the feed up
to the files and may run at any time: after a crash in between, or a database restored from an older
copy, whatever was not told is told then.

**First the new key, then what it signs, then the revocation.** A kiosk reads in this order, so no
service is missing from its screen for a moment, however thin its line.
"""

from collections.abc import Iterable

from django.db import transaction

from kiosk.forms.bundle import Bundle
from sync.central import keys
from sync.central.catalogue import shelf
from sync.central.catalogue.acts import Doing, record, take_turn
from sync.central.catalogue.models import Act
from sync.central.intake import feed
from sync.central.intake.models import FeedItem
from sync.central.keys import BadKey, central_keys, keys_folder
from sync.records import NATION, ChangeKind, KeyNote, KeyPurpose
from sync.sentence import Sentence


@transaction.atomic
def tell() -> list[Bundle]:
    """Tell kiosks of keys what they were not told yet; the services signed again for it."""
    take_turn()
    known = central_keys()
    _append(known.notes)
    signed_again = shelf.sign_anew()
    _append(known.revocations)
    return signed_again


def _append(notes: Iterable[KeyNote]) -> None:
    items = FeedItem.objects.filter(audience=NATION, kind=ChangeKind.CENTRAL_KEY.value)
    told = {bytes(payload) for payload in items.values_list("payload", flat=True)}
    for note in notes:
        payload = note.to_bytes()
        if payload not in told:
            feed.append(NATION, ChangeKind.CENTRAL_KEY, payload)


def add(public_key: str, name: str, services: str) -> keys.Ministry:
    """Take bundles of those services from a ministry that signs them itself.

    Raises:
        BadKey: it is no public key, or known already.
    """
    try:
        key = bytes.fromhex(public_key)
    except ValueError as problem:
        raise BadKey(Sentence("A public key is 64 hexadecimal digits.")) from problem
    added = keys.trust(keys_folder(), key, name, services)
    record(None, Doing(Act.Kind.KEY_NEW, detail=f"{added.id.hex()} {name}, {services}"))
    tell()
    return added


def rotate(purpose: KeyPurpose) -> bytes:
    """Make another key for a purpose and use it from now on; its id."""
    made = keys.make_next(keys_folder(), purpose)
    record(None, Doing(Act.Kind.KEY_NEW, detail=f"{made.hex()} {keys.OWN_NAME}, {purpose}"))
    tell()
    return made


def revoke(id_hex: str, why: str) -> list[Bundle]:
    """Use a key no more, and let no kiosk believe it; the services that were signed again.

    Is it the last of its purpose, another is made first: nothing waits for it.

    Raises:
        BadKey: there is none of that id.
    """
    known = central_keys()
    note = next((note for note in known.known if note.id.hex() == id_hex), None)
    if note is None:
        raise BadKey(Sentence("There is no key %(key)s. See `keys list`.", key=id_hex))
    others = [
        other.id
        for other in known.notes
        if other.purpose is note.purpose and other.name == keys.OWN_NAME
    ]
    if others == [note.id]:
        rotate(note.purpose)
    keys.revoke(keys_folder(), note.id, why)
    record(None, Doing(Act.Kind.KEY_REVOKED, detail=f"{id_hex} {note.name}: {why}"))
    return tell()
