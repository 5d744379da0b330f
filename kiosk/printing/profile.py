"""What a printer is: its width, its dots, its buffer and its habits, as data.

Every quirk of a make stands in `assets/printers/<name>.toml` and is spent where the bytes are made,
before the port opens. No code asks "is it an Epson?".
"""

import tomllib
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path

from kiosk.resources import assets
from kiosk.trouble import Trouble
from sync.sentence import Sentence

BITS_PER_BYTE = 10  # on the wire: start, eight, stop
BAUDS = (4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
OF_THE_MACHINE = {"name", "dead_dots"}  # in no profile's file
BUFFER_BYTES_MIN = 512  # below that a line of raster does not fit


class Cut(StrEnum):
    """What ends a paper."""

    NONE = "none"  # torn off by hand
    PARTIAL = "partial"
    FULL = "full"


class Presenter(StrEnum):
    """What holds a cut paper until it is taken."""

    NONE = "none"
    CUSTOM = "custom"  # GS e shows and takes back, DLE EOT 20 tells whether it was taken
    CITIZEN = "citizen"  # shows by itself, GS R takes back, DLE EOT 4 tells whether it was taken


class Proof(StrEnum):
    """How well it is known that a paper came out."""

    SENT = "sent"  # everything was sent, to a printer that says nothing of it
    PROCESSED = "processed"  # the printer said that it is done, the cut included (GS r)
    PRINTED = "printed"  # the printer called this very paper by its number (GS ( H)


class ProfileError(Trouble):
    """A printer's profile cannot be used; the sentence names it."""


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """One kind of printer."""

    name: str
    title: str
    width_dots: int
    dots_per_mm: float
    feed_units_per_dot: int  # ESC J counts in these
    units_per_inch: int  # to be set before (GS P), where its own units are no dots; 0: they are
    baud: int
    buffer_bytes: int
    answers_status: bool  # DLE EOT comes back; False: mute
    reply_s_max: float  # how long an answer may take; without one the printer is silent
    proof: Proof  # the best it can give
    mechanical_mm_s: int
    cut: Cut
    feed_before_cut_mm: int
    doubles_raster: bool
    presenter: Presenter
    retract_after_s: int  # an untaken paper; 0 where nothing holds it
    store_bytes: int  # of pictures that it keeps without power (GS ( L); 0: none
    models: tuple[str, ...]  # parts of the names that such printers give themselves (GS I)
    dead_dots: tuple[int, ...] = ()  # of this very machine's head, from the left; found on paper

    @property
    def acknowledges(self) -> bool:
        """Whether it says of a block that it is done with it; else bytes are paced."""
        return self.answers_status and self.proof is not Proof.SENT

    def dots(self, length_mm: float) -> int:
        """A length in whole dots."""
        return round(length_mm * self.dots_per_mm)

    def length_mm(self, dots: float) -> float:
        """A number of dots as a length."""
        return dots / self.dots_per_mm


def profile_names() -> tuple[str, ...]:
    """The printers that are known, by name."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def load_profile(name: str) -> PrinterProfile:
    """The profile of that name.

    Raises:
        ProfileError: there is none, or it is not complete.
    """
    if name not in profile_names():
        raise ProfileError(
            Sentence(
                "There is no printer profile %(name)s; there are %(known)s.",
                name=repr(name),
                known=", ".join(profile_names()),
            )
        )
    settings = tomllib.loads((_folder() / f"{name}.toml").read_text("utf-8"))
    wanted = {field.name for field in fields(PrinterProfile)} - OF_THE_MACHINE
    if wanted != settings.keys():
        odd = ", ".join(sorted(wanted ^ settings.keys()))
        raise ProfileError(
            Sentence(
                "The printer profile %(name)s has missing or unknown settings: %(odd)s.",
                name=repr(name),
                odd=odd,
            )
        )
    settings["models"] = tuple(settings["models"])
    try:
        settings["cut"] = Cut(settings["cut"])
        settings["proof"] = Proof(settings["proof"])
        settings["presenter"] = Presenter(settings["presenter"])
    except ValueError as problem:
        raise ProfileError(
            Sentence("The printer profile %(name)s: %(why)s.", name=repr(name), why=problem)
        ) from problem
    profile = PrinterProfile(name=name, **settings)
    if profile.buffer_bytes < BUFFER_BYTES_MIN or profile.width_dots % 8:
        raise ProfileError(
            Sentence(
                "The printer profile %(name)s must have a buffer of %(least)s bytes or more "
                "and a width of whole bytes.",
                name=repr(name),
                least=BUFFER_BYTES_MIN,
            )
        )
    return profile


def profile_for_site(name: str, baud: int, dead_dots: str) -> PrinterProfile:
    """The profile of that name with what is so at this site alone.

    Args:
        name: of the profile.
        baud: the printer's speed; 0: as the profile says.
        dead_dots: numbers with commas between them, as the test page shows them.

    Raises:
        ProfileError: there is no such profile, or a number cannot be.
    """
    profile = load_profile(name)
    if baud and baud not in BAUDS:
        raise ProfileError(
            Sentence(
                "No serial port has the speed %(baud)s. Printers mostly have 115200.", baud=baud
            )
        )
    numbers = [number.strip() for number in dead_dots.split(",") if number.strip()]
    if not all(number.isascii() and number.isdigit() for number in numbers) or any(
        int(number) >= profile.width_dots for number in numbers
    ):
        raise ProfileError(
            Sentence(
                "The dead dots %(dots)s must be numbers from 0 to %(last)s "
                "with commas between them, as the test page shows them.",
                dots=repr(dead_dots),
                last=profile.width_dots - 1,
            )
        )
    dots = tuple(sorted({int(number) for number in numbers}))
    return replace(profile, baud=baud or profile.baud, dead_dots=dots)


def _folder() -> Path:
    return assets() / "printers"
