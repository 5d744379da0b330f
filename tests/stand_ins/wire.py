"""A wire that fails on command: loses requests or replies, doubles, cuts and mixes up."""

from collections.abc import Callable
from random import Random

from sync.errors import Unreachable
from sync.protocol import Central

FAULTS = ("lose request", "lose reply", "double", "cut reply", "garble reply", "repeat old reply")


class FaultyWire:
    """`Central` over another central. Faults come from a list first, then by chance from a seed."""

    def __init__(self, central: Central, random: Random | None = None, share: float = 0.0) -> None:
        self.central = central
        self.next_faults: list[str] = []
        self.requests = 0
        self.bytes_up = 0
        self._random = random or Random(0)
        self._share = share
        self._old_replies: list[bytes] = [b""]

    def exchange(self, batch: bytes) -> bytes:
        return self._send(self.central.exchange, batch)

    def evidence_offset(self, request: bytes) -> bytes:
        return self._send(self.central.evidence_offset, request)

    def send_evidence(self, piece: bytes) -> bytes:
        return self._send(self.central.send_evidence, piece)

    def enrol(self, request: bytes) -> bytes:
        return self._send(self.central.enrol, request)

    def _fault(self) -> str:
        if self.next_faults:
            return self.next_faults.pop(0)
        return self._random.choice(FAULTS) if self._random.random() < self._share else ""

    def _send(self, road: Callable[[bytes], bytes], message: bytes) -> bytes:
        self.requests += 1
        self.bytes_up += len(message)
        fault = self._fault()
        if fault == "lose request":
            raise Unreachable("The request was lost.")
        reply = road(message)
        if fault == "double":
            reply = road(message)
        old = self._random.choice(self._old_replies)
        self._old_replies.append(reply)
        match fault:
            case "lose reply":
                raise Unreachable("The reply was lost.")
            case "cut reply":
                return reply[: self._random.randrange(len(reply))]
            case "garble reply":
                place = self._random.randrange(len(reply))
                return reply[:place] + bytes([reply[place] ^ 0x41]) + reply[place + 1 :]
            case "repeat old reply":
                return old
        return reply
