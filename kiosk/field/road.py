"""The technician's look at the road to central: the stick, the queue, and how it stands.

Each function says what it found through `say`, a line at a time, and tells whether all is well.
"""

from collections.abc import Callable
from pathlib import Path

from sync.ledger import Ledger
from sync.stick import visit

Say = Callable[[str], None]


def carry(ledger: Ledger, stick: Path, say: Say) -> None:
    """One visit of a USB stick: take in what it brings, write what waits."""
    done = visit(ledger, stick)
    say(
        f"From the stick: {done.answers} answers, {done.acknowledged} applications confirmed, "
        f"{done.news} news."
    )
    if done.unreadable:
        say(f"Not read: {done.unreadable} answers that are not whole. Copy them again.")
    say(
        f"On the stick: {done.envelopes} applications, {done.documents} documents, "
        f"{done.bytes_written:,} bytes. Carry it to central."
    )
    if done.documents_left:
        say(f"Left here: {done.documents_left} documents. Take a larger stick for them.")
