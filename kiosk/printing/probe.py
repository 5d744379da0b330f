"""Finding a printer: which port, which speed, which make.

A printer that answers is asked how it is (`DLE EOT`) at each speed that printers use, then for its
name (`GS I`). Nothing is printed, nothing is set, and what does not answer is left alone. Cheap
converters have no number of their own, so a cable in another socket is another port: the same
questions find the printer again.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.printing.errors import PrinterCode, PrinterError, PrinterMissing
from kiosk.printing.port import SerialPort
from kiosk.printing.profile import load_profile, profile_names
from kiosk.printing.status import ASK_STATUS, STATUS_REPLIES, Replies, Reply, judged

BAUDS = (115200, 38400, 9600, 19200, 57600)  # likeliest first
ANSWER_S_MAX = 0.3  # clones answer in 50 ms
NAME_S_MAX = 0.5
ASK_NAME = b"\x1dIC"  # GS I 67: the model's name
NAME_BEGINS, NAME_ENDS = 0x5F, 0x00
NAME_LENGTH_MAX = 80
STABLE = Path("/dev/serial/by-path")  # stays when the machine starts anew
KINDS = ("ttyUSB*", "ttyACM*", "ttyS[0-9]")


@dataclass(frozen=True, slots=True)
class Probed:
    """What was found at one port."""

    port: str
    baud: int | None  # None: nothing answered at any speed
    model: str = ""  # as the printer calls itself
    profile: str | None = None  # the one made for that model
    code: PrinterCode = PrinterCode.SILENT
    hindrance: str = ""  # why it could not be asked, for the technician

    @property
    def answers(self) -> bool:
        """Whether it is a printer that says how it is."""
        return self.baud is not None


def ports(folder: Path = Path("/dev"), stable: Path = STABLE) -> tuple[str, ...]:
    """The serial ports of this machine, each once and under the name that lasts."""
    named = {link.resolve(): str(link) for link in sorted(stable.glob("*"))}
    found = [path for kind in KINDS for path in sorted(folder.glob(kind))]
    return tuple(named.get(path.resolve(), str(path)) for path in found)


def probe(port: str, bauds: Iterable[int] = BAUDS) -> Probed:
    """Ask at each speed until something answers as printers do.

    Raises:
        PrinterMissing: there is no such port, or another program holds it.
    """
    for baud in bauds:
        with closing(SerialPort(port, baud)) as line:
            code = _status(line)
            if code is not None:
                model = _model(line)
                return Probed(port, baud, model, profile_for(model), code)
    return Probed(port, None)


def probe_all(paths: Iterable[str]) -> Iterator[Probed]:
    """What is at each port, or why it cannot be asked."""
    for path in paths:
        try:
            yield probe(path)
        except PrinterMissing as problem:
            yield Probed(path, None, code=problem.code, hindrance=problem.detail)


def profile_for(model: str) -> str | None:
    """The profile that knows this model by name."""
    wanted = model.casefold()
    for name in profile_names():
        if any(known.casefold() in wanted for known in load_profile(name).models):
            return name
    return None


class PortFinder:
    """Opens the printer's port, and finds the printer at another one when its cable was moved.

    Args:
        path: where it should be.
        baud: its speed.
        others: where else it may be now; without the ports of other devices.
        asks: whether it answers, so that it can be known again.
    """

    def __init__(
        self, path: str, baud: int, *, asks: bool, others: Callable[[], Iterable[str]] = ports
    ) -> None:
        self._path = path
        self._baud = baud
        self._asks = asks
        self._others = others

    def open(self) -> SerialPort:
        """The port.

        Raises:
            PrinterMissing: it is nowhere.
        """
        try:
            return SerialPort(self._path, self._baud)
        except PrinterMissing:
            if self._asks:
                for other in self._others():
                    with suppress(PrinterMissing):
                        if probe(other, (self._baud,)).answers:
                            return SerialPort(other, self._baud)
            raise


def _status(line: SerialPort) -> PrinterCode | None:
    """How it is; None where nothing answers in the form that printers have."""
    replies, statuses = Replies(), list[int]()
    try:
        line.write(ASK_STATUS, ANSWER_S_MAX)
        for data in _heard(line, ANSWER_S_MAX):
            statuses += [value for reply, value in replies.read(data) if reply is Reply.STATUS]
            if len(statuses) >= STATUS_REPLIES:
                first, second, third, fourth = statuses[:STATUS_REPLIES]
                return judged(first, second, third, fourth)
    except PrinterMissing:
        raise
    except PrinterError as problem:
        return problem.code if statuses else None
    return None


def _model(line: SerialPort) -> str:
    """What it calls itself; empty where it does not say."""
    said = b""
    with suppress(PrinterError):
        line.write(ASK_NAME, ANSWER_S_MAX)
        for data in _heard(line, NAME_S_MAX):
            said += data
            begin = said.find(NAME_BEGINS)
            end = said.find(NAME_ENDS, begin + 1)
            if 0 <= begin < end:
                name = said[begin + 1 : end][:NAME_LENGTH_MAX].decode("ascii", "replace")
                return "".join(letter for letter in name if letter.isprintable()).strip()
    return ""


def _heard(line: SerialPort, within_s: float) -> Iterator[bytes]:
    deadline = time.monotonic() + within_s
    while (left_s := deadline - time.monotonic()) > 0:
        data = line.read(left_s)
        if data:
            yield data
