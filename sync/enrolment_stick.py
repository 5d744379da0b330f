"""Enrolment where no line goes: the request travels on a USB stick, and the answer comes back.

By a line the first contact rests on TLS. A stick proves nothing: who holds it on the way could
answer in central's place, and the kiosk would seal everything to him. So who enrols by a stick must
know central's public key from elsewhere (central prints it with each code, the site file holds it),
and an answer that it did not sign is no answer. The code lies on the stick as it is: it lets in one
kiosk, and should somebody be quicker with it, central refuses ours and that is seen.
"""

from pathlib import Path

from sync import carried
from sync.enrolment import ENROLMENT_BYTES_MAX, EnrolmentRequest
from sync.errors import BadAnswer, BadRecord, ExchangeError
from sync.records import DeviceId
from sync.sentence import Sentence
from sync.signed import MessageKind, Signed


class OnTheRoad(ExchangeError):
    """The request is on the stick; the answer comes when the stick does."""


class EnrolmentStick:
    """Central as a stick is: it answers the second time that it comes.

    Args:
        stick: its folder.
        central_key: central's public key for answers.
    """

    def __init__(self, stick: Path, central_key: bytes) -> None:
        self._stick = stick
        self._central_key = central_key

    def enrol(self, request: bytes) -> bytes:
        """The answer that the stick brought.

        Raises:
            OnTheRoad: it brought none: the request is on it now.
            BadAnswer: it brought one that central did not sign.
            StickTrouble: there is no stick, or it cannot be written.
        """
        carried.check_there(self._stick)
        device = EnrolmentRequest.from_bytes(request).device
        name = carried.enrolment_name(request)
        down = carried.folder(self._stick, carried.DOWN, device)
        ending = carried.ENROLMENT + carried.ANSWER
        for found, message in carried.messages(down, ending, ENROLMENT_BYTES_MAX):
            if found == name + carried.ANSWER:
                return self._proven(message)
        up = carried.folder(self._stick, carried.UP, device)
        carried.remove(up, carried.ENROLMENT)
        carried.write(up, name, request)
        carried.settle(up)
        raise OnTheRoad(
            Sentence(
                "The request to be enrolled is on the stick. Carry it to central and back, and run "
                "this again."
            )
        )

    def _proven(self, message: bytes) -> bytes:
        try:
            signed = Signed.from_bytes(message, MessageKind.ENROLMENT, ENROLMENT_BYTES_MAX)
            signed.opened(self._central_key)
        except BadRecord as problem:
            raise BadAnswer(
                Sentence(
                    "The answer on the stick is not signed by the central that was named. Do not "
                    "use it. Compare central's key, and ask for a new code."
                )
            ) from problem
        return message

    def forget(self, device: DeviceId) -> None:
        """Clear away what has done its work."""
        carried.remove(carried.folder(self._stick, carried.UP, device), carried.ENROLMENT)
        down = carried.folder(self._stick, carried.DOWN, device)
        carried.remove(down, carried.ENROLMENT + carried.ANSWER)
