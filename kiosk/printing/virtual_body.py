"""The body of a printer that is not there: its sensors, its knife, its mouth, and what is wrong.

Every fault that a real printer can have is a switch here. What it says of them are the bytes of
Epson's ESC/POS reference (`DLE EOT`, automatic status), of Custom's full status, and of the Citizen
PPU-700 Command Reference.
"""

from collections.abc import Callable

from kiosk.printing.profile import Presenter, PrinterProfile

ALWAYS = 0x12  # the fixed bits of a status answer
OFFLINE = 0x08  # of the first
COVER, STOPPED, ERROR = 0x04, 0x20, 0x40  # of the second
KNIFE, BROKEN, HOT = 0x08, 0x20, 0x40  # of the third
NEAR_END, END = 0x0C, 0x60  # of the fourth
AUTOMATIC, AUTOMATIC_OFFLINE, AUTOMATIC_COVER = 0x10, 0x08, 0x20
AUTOMATIC_NEAR_END, AUTOMATIC_END = 0x03, 0x0C
FULL, FULL_NEAR_END, FULL_END, FULL_TICKET = b"\x10\x0f", 0x04, 0x01, 0x20
FULL_STATUS = 20
CITIZEN_END, CITIZEN_TICKET = 0x20, 0x40  # of the fourth, where Citizen's presenter is
COLLECTED_AFTER_S = 5  # by a Citizen itself, unless it was told otherwise


class Body:
    """What can be seen and spoiled on a printer.

    Args:
        profile: which printer to be.
        clock: seconds that go on.
    """

    def __init__(self, profile: PrinterProfile, clock: Callable[[], float]) -> None:
        self.profile = profile
        self.clock = clock
        self.mute = False
        self.garbage = False  # it answers, and what it says means nothing
        self.late_s = 0.0  # so long it takes to answer
        self.cover_open = False
        self.head_hot = False
        self.broken = False
        self.knife_blocked = False  # something lies in its way: the next cut sticks
        self.knife_stuck = False
        self.paper_near_end = False
        self.paper_left_dots: int | None = None  # None: plenty
        self.taken_after_s: float | None = 1.0  # out of a presenter; None: nobody takes it
        self.collects = True  # memory switch 4-4 of a Citizen: whether it takes papers back
        self.retracted_count = 0
        self._collected_after_s = COLLECTED_AFTER_S
        self._ticket_since_s: float | None = None

    @property
    def paper_is_out(self) -> bool:
        """Whether the last millimetre is used up."""
        return self.paper_left_dots is not None and self.paper_left_dots <= 0

    @property
    def is_offline(self) -> bool:
        """Whether it neither prints nor goes on."""
        return (
            self.cover_open or self.paper_is_out or self.head_hot or self.broken or self.knife_stuck
        )

    @property
    def ticket_lies(self) -> bool:
        """Whether a paper lies in the presenter's mouth."""
        since_s = self._ticket_since_s
        if since_s is None:
            return False
        lies_s = self.clock() - since_s
        is_citizen = self.profile.presenter is Presenter.CITIZEN
        if is_citizen and self.collects and 0 < self._collected_after_s <= lies_s:
            self.retracted_count += 1
            self._ticket_since_s = None
            return False
        return self.taken_after_s is None or lies_s < self.taken_after_s

    def load_paper(self) -> None:
        """Put in a new roll; printing goes on where it stopped, as real printers do."""
        self.paper_left_dots = None
        self.paper_near_end = False

    def end_paper_after(self, length_mm: float) -> None:
        """Let the roll end after so much more paper."""
        self.paper_left_dots = self.profile.dots(length_mm)

    def take(self) -> None:
        """Somebody takes the paper out of the mouth."""
        self._ticket_since_s = None

    def present(self) -> None:
        """The mouth holds a paper out."""
        self._ticket_since_s = self.clock()

    def retract(self) -> None:
        """The mouth takes its paper back."""
        if self.ticket_lies:
            self.retracted_count += 1
        self._ticket_since_s = None

    def collect(self, after_s: int | None) -> None:
        """A Citizen's orders: take it back now, or after so long each time; 0: never by itself."""
        if not self.collects:
            return
        if after_s is None:
            self.retract()
        else:
            self._collected_after_s = after_s

    def cuts(self) -> bool:
        """Move the knife; False: it is stuck."""
        if self.knife_blocked:
            self.knife_stuck = True
        return not self.knife_stuck

    def knows(self, which: int) -> bool:
        """Whether it can be asked for that status in real time."""
        custom = self.profile.presenter is Presenter.CUSTOM
        return 1 <= which <= 4 or (which == FULL_STATUS and custom)  # noqa: PLR2004 - DLE EOT 1 to 4

    def status(self, which: int) -> bytes:
        """The answer to `DLE EOT`."""
        bits = {
            1: OFFLINE if self.is_offline else 0,
            2: self._bits(
                (self.cover_open, COVER),
                (self.paper_is_out, STOPPED),
                (self.head_hot or self.broken or self.knife_stuck, ERROR),
            ),
            3: self._bits((self.knife_stuck, KNIFE), (self.broken, BROKEN), (self.head_hot, HOT)),
            4: self.paper_bits(),
        }
        return self._full_status() if which == FULL_STATUS else bytes([ALWAYS | bits[which]])

    def paper_bits(self) -> int:
        """The paper's sensors, as `DLE EOT 4` says them."""
        near = self._bits((self.paper_near_end or self.paper_is_out, NEAR_END))
        if self.profile.presenter is Presenter.CITIZEN:
            lies = (self.ticket_lies, CITIZEN_TICKET)
            return near | self._bits((self.paper_is_out, CITIZEN_END), lies)
        return near | self._bits((self.paper_is_out, END))

    def automatic_status(self) -> bytes:
        """What it says unasked when something changes."""
        return bytes(
            [
                AUTOMATIC
                | self._bits(
                    (self.is_offline, AUTOMATIC_OFFLINE), (self.cover_open, AUTOMATIC_COVER)
                ),
                self._bits((self.knife_stuck, KNIFE), (self.broken, BROKEN), (self.head_hot, HOT)),
                self._bits(
                    (self.paper_near_end or self.paper_is_out, AUTOMATIC_NEAR_END),
                    (self.paper_is_out, AUTOMATIC_END),
                ),
                0,
            ]
        )

    def _full_status(self) -> bytes:
        paper = self._bits(
            (self.paper_is_out, FULL_END),
            (self.paper_near_end or self.paper_is_out, FULL_NEAR_END),
            (self.ticket_lies, FULL_TICKET),
        )
        return FULL + bytes(
            [paper, 3 if self.cover_open else 0, int(self.head_hot), int(self.knife_stuck)]
        )

    def _bits(self, *seen: tuple[bool, int]) -> int:
        return sum(bit for true, bit in seen if true)


def faults(body: Body) -> dict[str, tuple[Callable[[], None], Callable[[], None]]]:
    """What can be spoiled at one moment and mended later, by name."""

    def switch(name: str) -> tuple[Callable[[], None], Callable[[], None]]:
        return lambda: setattr(body, name, True), lambda: setattr(body, name, False)

    def free_knife() -> None:
        body.knife_blocked = body.knife_stuck = False

    return {
        "paper low": switch("paper_near_end"),
        "paper out": (lambda: body.end_paper_after(0), body.load_paper),
        "cover open": switch("cover_open"),
        "knife stuck": (lambda: setattr(body, "knife_stuck", True), free_knife),
        "head hot": switch("head_hot"),
        "broken": switch("broken"),
        "mute": switch("mute"),
        "garbage": switch("garbage"),
    }
