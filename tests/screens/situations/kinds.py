"""Situations of every kind of question that the sample services do not ask."""

import os
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from kiosk.devices.file import FolderFiles
from kiosk.devices.microphone import Microphone
from kiosk.language import _
from kiosk.screens.signature_answer import SignatureSheet
from kiosk.screens.widgets import Tappable
from tests.screens.driver import Driver
from tests.screens.every_kind import tone
from tests.screens.situations import Situation
from tests.screens.situations.applying import every_kind, wait_for, wrong
from tests.screens.touch import Touch

PDF = b"%PDF-1.4\n% a made-up contract\n" + b"1 0 obj <<>> endobj\n" * 60 + b"%%EOF\n"
TONE = "sine=frequency=440,arealtime"  # FFmpeg plays the microphone, in real time


def with_folder(before: Situation, *, empty: bool = False) -> Situation:
    """At a kiosk whose folder holds a few files."""

    def situation(person: Driver) -> None:
        folder = person.world.folder / "brought"
        folder.mkdir()
        if not empty:
            fill(folder)
        object.__setattr__(person.shell.devices, "files", FolderFiles(folder))
        before(person)

    return situation


def fill(folder: Path) -> None:
    (folder / "contract.pdf").write_bytes(PDF)
    (folder / "ໃບສັນຍາເຊົ່າເຮືອນ ບ້ານດົງໂດກ ປີ 2026 ສະບັບທີສອງ.pdf").write_bytes(PDF)
    Image.new("RGB", (800, 500), "#d8d0c0").save(folder / "page.png")
    (folder / "voice.mp3").write_bytes(tone())
    for age_s, name in enumerate(sorted(folder.iterdir())):  # the newest comes first
        os.utime(name, (10_000 - age_s, 10_000 - age_s))


def with_microphone(before: Situation, seconds_max: float = 60) -> Situation:
    """At a kiosk that hears a tone."""

    def situation(person: Driver) -> None:
        microphone = Microphone(TONE, format_name="lavfi", seconds_max=seconds_max)
        object.__setattr__(person.shell.devices, "microphone", microphone)
        before(person)

    return situation


class Player:
    """A loudspeaker that remembers what it was given."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.playing = False

    def play(self, clips: Iterable[Path]) -> None:
        self.heard += [path.read_bytes() for path in clips]
        self.playing = True

    def stop(self) -> None:
        self.playing = False


def with_player(person: Driver) -> Player:
    player = Player()
    object.__setattr__(person.shell.devices, "player", player)
    return player


def audible(before: Situation) -> Situation:
    """At a kiosk with a loudspeaker."""

    def situation(person: Driver) -> None:
        with_player(person)
        before(person)

    return situation


def without_camera(before: Situation) -> Situation:
    """At a kiosk that has no photos from anywhere."""

    def situation(person: Driver) -> None:
        object.__setattr__(person.shell.devices, "photos", None)
        before(person)

    return situation


def without_scanner(before: Situation) -> Situation:
    def situation(person: Driver) -> None:
        person.world.scanner.connected = False
        before(person)

    return situation


def scanned(before: Situation, text: str) -> Situation:
    def situation(person: Driver) -> None:
        before(person)
        person.world.scanner.reads(text)
        person.passes_s(0.5)

    return situation


def tapping(before: Situation, *texts: str) -> Situation:
    """Touches on what says so, in no language."""

    def situation(person: Driver) -> None:
        before(person)
        for text in texts:
            person.tap(text)

    return situation


def pressing(before: Situation, *places: int) -> Situation:
    """Touches on the buttons for more, counted from the one in the middle."""

    def situation(person: Driver) -> None:
        before(person)
        for place in places:
            more = [w for w in person.visible() if str(getattr(w, "text", "")).startswith("+")]
            person.tap([w for w in more if isinstance(w, Tappable)][place])

    return situation


def choosing(before: Situation, *names: str) -> Situation:
    """Touches on choices, by their names in the form."""

    def situation(person: Driver) -> None:
        before(person)
        for name in names:
            while not [w for w in person.visible() if getattr(w, "name", None) == name]:
                assert person.turn_page(), f"There is no {name}."
            person.tap(next(w for w in person.visible() if getattr(w, "name", None) == name))

    return situation


def sheet(person: Driver) -> SignatureSheet:
    return next(w for w in person.visible() if isinstance(w, SignatureSheet))


def draw(person: Driver, *shares: tuple[float, float]) -> None:
    """A stroke of the finger through these places of the sheet, from its lower left corner."""
    place = sheet(person)
    points = [(place.x + x * place.width, place.y + y * place.height) for x, y in shares]
    finger = Touch(*place.to_window(*points[0]))
    finger.down()
    for point in points[1:]:
        finger.to(*place.to_window(*point))
    finger.up()
    person.settle()


def signed(before: Situation) -> Situation:
    def situation(person: Driver) -> None:
        before(person)
        draw(person, (0.15, 0.3), (0.25, 0.8), (0.35, 0.35), (0.45, 0.7), (0.6, 0.3), (0.8, 0.5))
        draw(person, (0.2, 0.25), (0.85, 0.22))

    return situation


def recording(before: Situation) -> Situation:
    def situation(person: Driver) -> None:
        before(person)
        person.tap(_("Touch here and speak"))
        microphone = person.shell.devices.microphone
        wait_for(person, lambda: microphone.seconds > 0.5)
        person.settle()

    return situation


def recorded(before: Situation) -> Situation:
    def situation(person: Driver) -> None:
        recording(before)(person)
        person.tap(next(w for w in person.visible() if getattr(w, "icon", "") == "stop"))

    return situation


def file_chosen(before: Situation, name: str) -> Situation:
    def situation(person: Driver) -> None:
        before(person)
        person.tap(name)
        entry = person.shell.visit.entry
        assert entry is not None
        wait_for(person, entry.attachments)

    return situation


def on(name: str) -> Situation:
    return every_kind(f"/data/{name}", paper=False)  # a banner takes room: the harder case


SITUATIONS: dict[str, Situation] = {
    "kind-time": on("opens"),
    "kind-time-wrong": wrong(on("opens")),
    "kind-time-minutes": tapping(on("opens"), "14"),
    "kind-date-time": on("moved_in"),
    "kind-range-tiles": tapping(on("calm"), "7"),
    "kind-range-bar": on("slope"),
    "kind-range-bar-chosen": pressing(on("slope"), 0, 0, -1),
    "kind-rank": choosing(on("needs"), "power"),
    "kind-rank-wrong": wrong(choosing(on("needs"), "power", "road")),
    "kind-rank-many": choosing(on("many_needs"), "water", "health"),
    "kind-pictures": on("house"),
    "kind-barcode": on("parcel"),
    "kind-barcode-read": scanned(on("parcel"), "LA-01-0106-77214"),
    "kind-barcode-no-scanner": without_scanner(on("parcel")),
    "kind-signature": on("signed"),
    "kind-signature-drawn": signed(on("signed")),
    "kind-signature-wrong": wrong(on("signed")),
    "kind-audio": with_folder(with_microphone(on("said"))),
    "kind-audio-recording": recording(with_microphone(on("said"))),
    "kind-audio-recorded": audible(recorded(with_folder(with_microphone(on("said"))))),
    "kind-audio-choose": with_folder(on("said")),
    "kind-audio-nothing": on("said"),
    "kind-file": with_folder(on("paper")),
    "kind-file-pdf": file_chosen(with_folder(on("paper")), "contract.pdf"),
    "kind-file-picture": file_chosen(with_folder(on("paper")), "page.png"),
    "kind-file-empty": with_folder(on("paper"), empty=True),
    "kind-video": on("film"),
    "kind-geo": on("place"),
}
