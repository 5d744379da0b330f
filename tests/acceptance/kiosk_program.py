"""A kiosk as a process of its own that may be killed anywhere: the whole program but its window.

It runs `kiosk.app.at_work` on a real folder and obeys lines on its standard input, in the place of
a person's fingers. What it answers is a promise: `promised <reference> <id> <job>` is written only
after `desk.submit` has returned. The pipe keeps that line even when the process is killed next.

Starting Python and reading fonts takes a second; a test that cuts the power hundreds of times
cannot wait for it. So this process is a nursery: it has loaded the program, and for each request on
its socket forks one child with pipes of its own, which is then a kiosk (`serve`) or one command of
the real command line (`kiosk ...`). Nothing is shared between them but code that was read.
"""

import faulthandler
import io
import json
import os
import random
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

import kiosk.app
import sync.clock
from kiosk.__main__ import main as kiosk_command
from kiosk.app import Kiosk, at_work
from kiosk.config import FILE_NAME, KioskConfig, read_config
from kiosk.desk import CannotKeep, Submitted
from kiosk.finding import Found
from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Entry
from kiosk.health import Health
from kiosk.language import set_language
from kiosk.printing.layout import render
from kiosk.printing.profile import load_profile
from kiosk.printing.slip import Slip, Words
from kiosk.services import Service
from sync.client import HttpCentral
from tests import sample_answers as samples
from tests.sample_answers import BUSINESS, RESIDENCE

REQUEST_BYTES_MAX = 65536
PIPES = 3  # standard input, output and error
# These people have their paper with them: it is photographed.
ANSWERS = samples.ANSWERS | {BUSINESS: samples.ANSWERS[BUSINESS] | {"has_document": "yes"}}


@dataclass(frozen=True, slots=True)
class Machine:
    """What is odd about the machine that the kiosk runs on."""

    wall_offset_s: int = 0  # how wrong its clock is
    boot: str = ""  # another start of the machine than the present one
    patience_s: float = 0.0  # how long central may be silent; 0: as in the field

    def switch_on(self) -> None:
        """Make it so, for this process."""
        if self.wall_offset_s:
            turn_clock(self.wall_offset_s)
        if self.boot:
            sync.clock._BOOT_ID = _BootId(self.boot)  # type: ignore[assignment]  # only read
        if self.patience_s:
            kiosk.app.central_of = self._impatient_central

    def _impatient_central(self, config: KioskConfig) -> HttpCentral:
        return HttpCentral(
            config.central_url, read_s=self.patience_s, deadline_s=2 * self.patience_s
        )


@dataclass(frozen=True, slots=True)
class _BootId:
    """Stands in the place of the kernel's file."""

    value: str

    def read_text(self, _encoding: str) -> str:
        return self.value


_right_time_ns = time.time_ns


def turn_clock(offset_s: int) -> None:
    """Let the whole process believe another time of day."""
    time.time_ns = lambda: _right_time_ns() + offset_s * 10**9
    time.time = lambda: time.time_ns() / 1e9


@dataclass(frozen=True, slots=True)
class Order:
    """Who hands in what: answers are those of a sample person but for what is given here."""

    service: str = RESIDENCE
    answers: dict[str, str] = field(default_factory=dict)
    photo_words: str = ""  # stands in the photo's bytes; empty: no photo
    photo_bytes: int = 4000


class Person:
    """Does at the kiosk what the lines say."""

    def __init__(self, here: Kiosk, config: KioskConfig) -> None:
        self._kiosk = here
        self._config = config
        self._refused: tuple[Service, Entry] | None = None
        self._last: Submitted | None = None

    def obeys(self, line: str) -> None:
        """One line: a word, and what it needs."""
        word, _, rest = line.strip().partition(" ")
        doing: dict[str, Callable[[str], None]] = {
            "submit": self._submit,
            "retry": self._retry,
            "again": self._again,
            "status": self._status,
            "find": self._find,
            "clock": lambda seconds: turn_clock(int(seconds)),
            "speak": set_language,
        }
        doing[word](rest)
        say("done")

    def _submit(self, rest: str) -> None:
        count, _, given = rest.partition(" ")
        order = Order(**json.loads(given or "{}"))
        desk = self._kiosk.desk
        for _number in range(int(count)):
            service = desk.service(order.service)
            entry = desk.begin(order.service)
            fill(entry, order)
            self._hand_in(service, entry)

    def _hand_in(self, service: Service, entry: Entry) -> None:
        try:
            submitted = self._kiosk.desk.submit(entry)
        except CannotKeep as problem:
            self._refused = (service, entry)
            say("refused", str(problem))
            return
        self._last = submitted
        due = str(submitted.receipt.due or "")
        say("promised", submitted.receipt.reference, submitted.application, submitted.job, due)

    def _retry(self, _rest: str) -> None:
        assert self._refused is not None, "Nothing was refused."
        self._hand_in(*self._refused)

    def _again(self, _rest: str) -> None:
        if self._last is not None:
            say("copy", self._kiosk.desk.print_again(self._last))

    def _status(self, _rest: str) -> None:
        health = self._kiosk.desk.readiness()
        say("status", json.dumps(told(health)))

    def _find(self, reference: str) -> None:
        found = self._kiosk.desk.find(reference)
        words = [found.progress.title, found.next_step] if isinstance(found, Found) else []
        say("found", json.dumps(words))


def told(health: Health) -> dict[str, Any]:
    """The kiosk's health, as JSON can carry it."""
    return asdict(health) | {"sentences": health.sentences()}


def fill(entry: Entry, order: Order) -> None:
    """Answer page after page, as a person does."""
    answers = ANSWERS[order.service] | order.answers
    while (page := entry.page) is not None:
        for question in page.questions:
            value = answers.get(question.path.rpartition("/")[2])
            if question.kind is QuestionKind.IMAGE and order.photo_words:
                entry.attach(question.path, photo(order), "image/jpeg")
            elif value is not None:
                entry.answer(question.path, value)
        violations = entry.advance()
        assert not violations, violations


def photo(order: Order) -> bytes:
    """A real JPEG of about that many bytes with words in it, as a camera might write them."""
    data = io.BytesIO()
    Image.new("RGB", (320, 200), "#e9e2cf").save(data, "JPEG", comment=order.photo_words.encode())
    noise = random.randbytes(max(0, order.photo_bytes - data.tell()))
    return data.getvalue() + noise


def say(*words: object) -> None:
    """One line, out of this process at once."""
    os.write(sys.stdout.fileno(), " ".join(map(str, words)).encode() + b"\n")


def serve(folder: Path) -> int:
    """Be a kiosk until the input ends."""
    faulthandler.register(signal.SIGUSR1)  # a test that waits in vain asks what it is doing
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = str(scratch)  # so that a test sees what is written there
    set_language("en")
    config = read_config(folder / FILE_NAME)
    with at_work(config) as here:
        person = Person(here, config)
        here.begin()
        say("ready")
        for line in sys.stdin:
            person.obeys(line)
    return 0


# --- the nursery ----------------------------------------------------------------------------------


def nurse(door: socket.socket) -> None:
    """Start a child for each request until the door closes.

    A request is JSON: `start` with arguments and a machine (and three pipes with it), or `wait` for
    a child; the answer is a number, the child's process id or its exit code.
    """
    _warm_up()
    while True:
        message, pipes, _, _ = socket.recv_fds(door, REQUEST_BYTES_MAX, PIPES)
        if not message:
            return
        request = json.loads(message)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            door.send(str(os.waitstatus_to_exitcode(status)).encode())
            continue
        pid = os.fork()
        if pid == 0:
            door.close()
            _become(request, pipes)
        for pipe in pipes:
            os.close(pipe)
        door.send(str(pid).encode())


def _warm_up() -> None:
    """Read once what every child would read first."""
    render(Slip((Words("ໃບຮັບ Receipt"), Words("ໃບຮັບ", bold=True))), load_profile("generic-80"))


def _become(request: dict[str, Any], pipes: list[int]) -> None:
    """Be the child: never returns."""
    code = 1
    try:
        for number, pipe in enumerate(pipes):
            os.dup2(pipe, number)
            os.close(pipe)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 - its standard ones
        Machine(**request["machine"]).switch_on()
        arguments = request["start"]
        code = serve(Path(arguments[1])) if arguments[0] == "serve" else kiosk_command(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - it goes to the log, and the child ends
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    nurse(socket.socket(fileno=int(sys.argv[1])))
