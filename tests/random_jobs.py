"""Papers from a seed, printed at any baud on printers with any buffer and without flow control."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image

from kiosk.printing.dialogue import Dialogue, Proof
from kiosk.printing.escpos import Block, encode
from kiosk.printing.layout import lay_out
from kiosk.printing.profile import BUFFER_BYTES_MIN, PrinterProfile, load_profile
from kiosk.printing.slip import Code, Item, Rule, Size, Slip, Square, Words
from tests.papers import LONG_SERVICE
from tests.simulated_port import SimulatedPort

BAUDS = (9_600, 19_200, 38_400, 57_600, 115_200)
PROFILES = ("generic-58", "generic-80", "epson-tm-t88", "custom-vkp80")
BUFFER_BYTES_MAX = 8_192


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of one job."""

    sent_bytes: int
    lost_bytes: int
    problems: list[str]
    same_dots: bool  # the paper is what a printer with endless room makes of the same bytes
    proof: Proof
    took_s: float  # in the printer's own time


def random_jobs(count: int, seed: int, *, mute: bool = False) -> list[Printed]:
    chance = random.Random(seed)
    return [_print(chance, mute=mute) for _ in range(count)]


def _print(chance: random.Random, *, mute: bool) -> Printed:
    profile = _profile(chance, mute=mute)
    blocks = list(encode(lay_out(_slip(chance), profile), profile))
    # What the kiosk believes of the motor is a data sheet: the true one is slower or quicker.
    speed = chance.uniform(0.85, 1.2) if mute else chance.uniform(0.3, 1.5)
    truly = replace(profile, mechanical_mm_s=round(profile.mechanical_mm_s * speed))
    paper, port, proof, took_s = printed_by(
        truly, lambda port: Dialogue(port, profile, port.clock), blocks, profile.baud
    )
    wide = replace(profile, buffer_bytes=1_000_000, mechanical_mm_s=100_000)
    wanted, *_ = printed_by(
        wide, lambda port: Dialogue(port, profile, port.clock), blocks, 10_000_000
    )
    return Printed(
        sent_bytes=sum(len(block.data) for block in blocks),
        lost_bytes=port.machine.lost_bytes,
        problems=port.machine.problems,
        same_dots=paper.tobytes() == wanted.tobytes(),
        proof=proof,
        took_s=took_s,
    )


def printed_by(
    printer: PrinterProfile,
    talk: Callable[[SimulatedPort], Dialogue],
    blocks: list[Block],
    baud: int,
) -> tuple[Image.Image, SimulatedPort, Proof, float]:
    """The only paper that comes out."""
    port = SimulatedPort(printer, baud)
    port.machine.mute = not printer.answers_status
    dialogue = talk(port)
    dialogue.check()
    begun_s = port.now_s
    proof = dialogue.send(blocks)
    took_s = port.now_s - begun_s
    port.settles(2)
    (paper,) = port.machine.papers
    return paper, port, proof, took_s


def _profile(chance: random.Random, *, mute: bool) -> PrinterProfile:
    profile = load_profile("ch340-58" if mute else chance.choice(PROFILES))
    return replace(
        profile,
        baud=chance.choice(BAUDS),
        buffer_bytes=chance.choice(
            (BUFFER_BYTES_MIN, chance.randrange(BUFFER_BYTES_MIN, BUFFER_BYTES_MAX))
        ),
        mechanical_mm_s=chance.choice((50, 80, 150, 250)),
    )


def _slip(chance: random.Random) -> Slip:
    """Some lines, in any order: a short note or a whole receipt."""
    words = LONG_SERVICE.of("lo") + " " + LONG_SERVICE.of("en")
    items: list[Item] = [
        Words(words[: chance.randrange(3, len(words))], chance.choice(list(Size))),
        Rule(),
        Code("04K7-N6J4-J6WM"),
        Square("https://kiosk.gov.la/r#" + "7" * chance.randrange(1, 250)),
        Words("ໃບຮັບ", bold=True, centred=True),
    ]
    return Slip(tuple(chance.choices(items, k=chance.randrange(1, 5))))
