"""Bytes on credit: whatever the baud, the buffer and the motor, nothing is lost on the way."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from kiosk.printing.dialogue import Dialogue, Proof
from kiosk.printing.errors import PrinterCode, PrinterError, PrinterSilent
from kiosk.printing.escpos import Block, encode
from kiosk.printing.layout import lay_out
from kiosk.printing.profile import load_profile
from kiosk.printing.status import Replies, Reply, ask_printed
from tests.papers import sample_receipt
from tests.random_jobs import printed_by, random_jobs
from tests.simulated_port import SimulatedPort

PROFILE = load_profile("generic-80")
EPSON = load_profile("epson-tm-t88")
SEED = 2026


def blocks_of(profile_name: str = "generic-80", baud: int = 115_200) -> list[Block]:
    profile = replace(load_profile(profile_name), baud=baud)
    return list(encode(lay_out(sample_receipt(), profile), profile))


@pytest.mark.parametrize("mute", [False, True])
def test_random_jobs_lose_no_byte_without_flow_control(*, mute: bool) -> None:
    for job in random_jobs(4 if mute else 10, SEED, mute=mute):
        assert job.lost_bytes == 0
        assert job.problems == []
        assert job.same_dots
        assert job.proof is Proof.SENT or not mute


def test_the_same_bytes_sent_without_asking_are_lost() -> None:
    """So the simulated line would show it."""
    port = SimulatedPort(replace(PROFILE, buffer_bytes=512, mechanical_mm_s=60), 115_200)
    for block in blocks_of():
        port.write(block.data, 1)
    port.settles(60)
    assert port.machine.lost_bytes > 1_000


@pytest.mark.parametrize("baud", [9_600, 115_200])
def test_a_question_never_stands_behind_much(baud: int) -> None:
    profile = replace(PROFILE, baud=baud)
    _, port, _, _ = printed_by(
        profile, lambda port: Dialogue(port, profile, port.clock), blocks_of(baud=baud), baud
    )
    assert port.backlog_s_max <= 0.2


def test_a_receipt_takes_no_longer_than_its_paper() -> None:
    blocks = blocks_of("generic-58")
    profile = load_profile("generic-58")
    *_, took_s = printed_by(
        profile, lambda port: Dialogue(port, profile, port.clock), blocks, profile.baud
    )
    length_mm = profile.length_mm(sum(block.dots for block in blocks))
    assert took_s / (length_mm / profile.mechanical_mm_s) <= 1.10


def test_a_printer_that_calls_papers_by_number_proves_that_it_printed() -> None:
    _, port, proof, _ = printed_by(
        EPSON, lambda port: Dialogue(port, EPSON, port.clock), blocks_of("epson-tm-t88"), EPSON.baud
    )
    assert proof is Proof.PRINTED
    assert port.machine.problems == []


class Talker:
    """A dialogue with a machine to which something happens while it prints."""

    def __init__(self, after_bytes: int) -> None:
        self.port = SimulatedPort(PROFILE, PROFILE.baud)
        self.dialogue = Dialogue(self.port, PROFILE, self.port.clock)
        self.after_bytes = after_bytes
        self.told: list[PrinterCode] = []

    def blocks(self) -> Iterator[Block]:
        for block in blocks_of():
            if self.port.machine.received_bytes >= self.after_bytes:
                self.happens()
                self.after_bytes = 10**9
            yield block

    def happens(self) -> None:
        raise NotImplementedError

    def tell(self, code: PrinterCode) -> None:
        self.told.append(code)


class HotHead(Talker):
    def happens(self) -> None:
        self.port.machine.head_hot = True

    def tell(self, code: PrinterCode) -> None:
        super().tell(code)
        if len(self.told) > 20:  # some seconds later
            self.port.machine.head_hot = False


def test_a_hot_head_is_named_and_the_same_paper_goes_on_when_it_is_cool() -> None:
    talker = HotHead(after_bytes=4_000)
    talker.dialogue.check()
    assert talker.dialogue.send(talker.blocks(), talker.tell) is Proof.PROCESSED
    assert talker.told[0] is PrinterCode.COOLING
    assert talker.told[-1] is PrinterCode.READY
    talker.port.settles(1)
    assert len(talker.port.machine.papers) == 1
    assert talker.port.machine.lost_bytes == 0


class Chatter(Talker):
    def happens(self) -> None:
        self.port.machine.watch()
        self.port.machine.paper_near_end = True


def test_what_a_printer_says_unasked_does_not_confuse_the_credit() -> None:
    talker = Chatter(after_bytes=1)
    talker.dialogue.check()
    assert talker.dialogue.send(talker.blocks()) is Proof.PROCESSED
    assert talker.port.machine.lost_bytes == 0
    assert talker.dialogue.check() is PrinterCode.PAPER_LOW


class Nonsense(Talker):
    def happens(self) -> None:
        self.port.machine.garbage = True


def test_a_printer_that_talks_nonsense_ends_in_time() -> None:
    """It may even seem to go on: but no deadline is without end."""
    talker = Nonsense(after_bytes=4_000)
    talker.dialogue.check()
    begun_s = talker.port.now_s
    with suppress(PrinterError):
        talker.dialogue.send(talker.blocks())
    with suppress(PrinterError):
        talker.dialogue.check()
    assert talker.port.now_s - begun_s < 60


def test_a_printer_that_never_answers_a_block_is_silent_in_time() -> None:
    port = SimulatedPort(replace(PROFILE, answers_status=False), PROFILE.baud)
    port.machine.mute = True
    with pytest.raises(PrinterSilent):
        Dialogue(port, PROFILE, port.clock).check()
    assert port.now_s < 1_001


def told_apart(*parts: bytes) -> list[tuple[Reply, int]]:
    replies = Replies()
    return [reply for part in parts for reply in replies.read(part)]


def test_replies_are_told_apart_however_they_are_cut() -> None:
    said = (
        b"\x12"  # DLE EOT
        b"\x14\x00\x00\x00"  # automatic status, the drawer's pin high
        b"\x00"  # GS r
        b"\x13\x11"  # XOFF, XON
        b"\x37\x220042\x00"  # GS ( H
        b"_epson\x00"  # GS I
        b"\x10\x0f\x24\x03\x00\x00"  # Custom's full status
        b"\x1e"  # DLE EOT 4, near the end
    )
    expected = [
        (Reply.STATUS, 0x12),
        (Reply.PROCESSED, 0),
        (Reply.PRINTED, 42),
        (Reply.TICKET, 0x24),
        (Reply.STATUS, 0x1E),
    ]
    assert told_apart(said) == expected
    assert told_apart(*(said[place : place + 1] for place in range(len(said)))) == expected


def test_an_answer_that_breaks_off_is_forgotten_in_silence() -> None:
    replies = Replies()
    assert list(replies.read(b"\x10\x00")) == []
    replies.forget()
    assert list(replies.read(b"\x12")) == [(Reply.STATUS, 0x12)]


def test_a_papers_number_has_four_digits() -> None:
    assert ask_printed(7) == b"\x1d(H\x06\x00000007"


class SlowAnswers(Talker):
    def happens(self) -> None:
        self.port.machine.late_s = 1.0


def test_a_printer_that_answers_slowly_is_named_silent_and_no_paper_is_given_up() -> None:
    talker = SlowAnswers(after_bytes=4_000)
    talker.dialogue.check()
    assert talker.dialogue.send(talker.blocks(), talker.tell) is Proof.PROCESSED
    assert PrinterCode.SILENT in talker.told
    assert PrinterCode.READY in talker.told
    assert talker.port.machine.lost_bytes == 0


def test_any_bytes_from_a_printer_are_read_without_harm() -> None:
    """SEC-16: what comes in on the wire is hostile."""
    chance = random.Random(SEED)
    replies = Replies()
    for _ in range(2_000):
        for reply, value in replies.read(chance.randbytes(chance.randrange(20))):
            assert reply in Reply
            assert value >= 0
