"""A kiosk with a log and keys that talks to a central in another process, by HTTP."""

from collections.abc import Iterator, Mapping

from nacl.signing import SigningKey

from kiosk.forms import bundle as bundles
from kiosk.forms.bundle import Bundle
from sync.client import HttpCentral
from sync.enrolment import Enrolment
from sync.envelope import open_words
from sync.protocol import Batch
from sync.records import (
    FIRST_PREVIOUS,
    Audience,
    Change,
    ChangeKind,
    KeyPurpose,
    ServiceNote,
    StatusEvent,
    device_id,
)
from tests.central import RunningCentral
from tests.paper_kiosk import PaperKiosk


class DistantKiosk(PaperKiosk):
    """Enrolled at a running central."""

    def __init__(self, central: RunningCentral) -> None:
        self._line = HttpCentral(central.base_url)
        self.server = self._line  # type: ignore[assignment]  # the same doors
        self.key = SigningKey.generate()
        self.id = device_id(bytes(self.key.verify_key))
        request = self.request(central.enrolment_code())
        self.enrolment = Enrolment.from_bytes(self.server.enrol(request))
        self.log = []
        self.secrets = []

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def bundle(self, service: str) -> Bundle:
        """The service as central published it to kiosks."""
        notes = [
            ServiceNote.from_bytes(change.payload)
            for change in self._whole_feed()
            if change.kind is ChangeKind.SERVICE
        ]
        (note,) = [note for note in notes if note.service == service]
        return bundles.open(note.bundle, self._keys(KeyPurpose.BUNDLES))

    def events(self, application: str) -> list[StatusEvent]:
        """What the feed says of an application."""
        events = [
            StatusEvent.from_bytes(change.payload)
            for change in self._whole_feed()
            if change.kind is ChangeKind.STATUS
        ]
        return [event for event in events if event.application == application]

    def words(self, application: str, secret: bytes) -> str:
        """The officer's last words to the holder of the receipt."""
        sealed = self.events(application)[-1].words
        return open_words(secret, sealed) if sealed else ""

    def _whole_feed(self) -> Iterator[Change]:
        epoch: bytes | None = None
        cursor: dict[Audience, int] = {}
        while True:
            answer = self.sends(self._question(epoch, cursor))
            yield from answer.changes
            epoch = answer.epoch
            cursor |= {change.audience: change.position for change in answer.changes}
            if not answer.more:
                return

    def _question(self, epoch: bytes | None, cursor: Mapping[Audience, int]) -> Batch:
        """Of a feed's other life central gives all from the start, whatever the cursor."""
        previous = self.log[-1].chain_hash if self.log else FIRST_PREVIOUS
        return Batch(self.id, len(self.log), previous, epoch=epoch, cursor=cursor)
