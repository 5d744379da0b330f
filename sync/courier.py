"""Hands in at central what kiosks wrote onto a stick, and writes the answers beside it.

Central does so with a stick that comes to it, and any kiosk with a line may do so for one without:
whoever hands in sees sealed messages and nothing else. They are the very ones that come by HTTPS
and meet the same rules: who signed what, each envelope once, in its place. So a stick may come
twice, late, half copied, or with another kiosk's files on it. Nothing is removed from it: the kiosk
does so when it has read the answers.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sync import carried
from sync.enrolment import REQUEST_BYTES_MAX
from sync.errors import BadBatch, Refused
from sync.protocol import BATCH_BYTES_MAX, PIECE_BYTES_MAX, Central
from sync.records import DeviceId

logger = logging.getLogger(__name__)

_FRAME_BYTES = 256  # what a message adds around its content


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of one kiosk's messages on a stick."""

    device: DeviceId
    batches: int = 0
    pieces: int = 0
    enrolments: int = 0
    refused: int = 0  # not whole, not signed by a known kiosk, or for nothing that is known


def hand_in(stick: Path, central: Central) -> list[HandedIn]:
    """Hand in every kiosk's messages, and write an answer beside each.

    Raises:
        StickTrouble: there is no such folder, or the answers cannot be written.
        ExchangeError: central cannot be reached now; what was answered stays so.
    """
    done: list[HandedIn] = []
    refused = 0
    for device in carried.devices(stick, carried.UP):
        if refused >= carried.BAD_MAX:  # somebody filled it to keep the line or central busy
            break
        done.append(_hand_in_of(stick, device, central, carried.BAD_MAX - refused))
        refused += done[-1].refused
    return done


def _hand_in_of(stick: Path, device: DeviceId, central: Central, refused_max: int) -> HandedIn:
    done = HandedIn(device)
    up = carried.folder(stick, carried.UP, device)
    down = carried.folder(stick, carried.DOWN, device)
    roads: tuple[tuple[str, int, Callable[[bytes], bytes]], ...] = (
        (carried.ENROLMENT, REQUEST_BYTES_MAX, central.enrol),
        (carried.BATCH, BATCH_BYTES_MAX, central.exchange),
        (carried.PIECE, PIECE_BYTES_MAX, central.send_evidence),
    )
    for ending, bytes_max, road in roads:
        for name, message in carried.messages(up, ending, bytes_max + _FRAME_BYTES):
            if done.refused >= refused_max:
                break
            try:
                answer = road(message)
            except (Refused, BadBatch) as problem:
                logger.warning("%s from the kiosk %s: %s", name, device, problem)
                done = replace(done, refused=done.refused + 1)
                continue
            carried.write(down, name + carried.ANSWER, answer)
            if ending == carried.BATCH:
                done = replace(done, batches=done.batches + 1)
            elif ending == carried.PIECE:
                done = replace(done, pieces=done.pieces + 1)
            else:
                done = replace(done, enrolments=done.enrolments + 1)
    carried.settle(down)
    return done
