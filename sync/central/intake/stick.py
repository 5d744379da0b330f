"""A USB stick at central: take in what kiosks wrote, and write the answers onto it.

The messages are the very ones that come by HTTPS and meet the same rules: who signed what, each
envelope once, in its place. So a stick may come twice, late, half copied, or with another kiosk's
files on it. Nothing is removed from it: the kiosk does so when it has read the answers.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sync import carried
from sync.errors import BadBatch, Refused
from sync.protocol import BATCH_BYTES_MAX, PIECE_BYTES_MAX, Central
from sync.records import DeviceId

logger = logging.getLogger(__name__)

_FRAME_BYTES = 256  # what a message adds around its content


@dataclass(frozen=True, slots=True)
class FromKiosk:
    """What became of one kiosk's messages on a stick."""

    device: DeviceId
    batches: int = 0
    pieces: int = 0
    refused: int = 0  # not whole, not signed by a kiosk of ours, or for nothing that is known


def take_in(stick: Path, central: Central) -> list[FromKiosk]:
    """Take in every kiosk's messages, and write an answer beside each.

    Raises:
        StickTrouble: there is no such folder, or the answers cannot be written.
    """
    return [_take_in_from(stick, device, central) for device in carried.devices(stick, carried.UP)]


def _take_in_from(stick: Path, device: DeviceId, central: Central) -> FromKiosk:
    done = FromKiosk(device)
    up = carried.folder(stick, carried.UP, device)
    down = carried.folder(stick, carried.DOWN, device)
    roads: tuple[tuple[str, int, Callable[[bytes], bytes]], ...] = (
        (carried.BATCH, BATCH_BYTES_MAX, central.exchange),
        (carried.PIECE, PIECE_BYTES_MAX, central.send_evidence),
    )
    for ending, bytes_max, road in roads:
        for name, message in carried.messages(up, ending, bytes_max + _FRAME_BYTES):
            try:
                answer = road(message)
            except (Refused, BadBatch) as problem:
                logger.warning("%s from the kiosk %s: %s", name, device, problem)
                done = replace(done, refused=done.refused + 1)
                continue
            carried.write(down, name + carried.ANSWER, answer)
            if ending == carried.BATCH:
                done = replace(done, batches=done.batches + 1)
            else:
                done = replace(done, pieces=done.pieces + 1)
    carried.settle(down)
    return done
