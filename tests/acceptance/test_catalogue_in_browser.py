"""A ministry's clerk changes a question on a web page; kiosks ask it the same day, and no longer.

Real browser, real central, two real kiosk machines: one among the first, one among all.
"""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kiosk.services import Services
from tests.acceptance.browser import DESK, PHONE, Reader, open_browser
from tests.acceptance.kiosk_machine import KioskMachine
from tests.central import RunningCentral, running_central
from tests.workbooks import SERVICES

pytestmark = pytest.mark.browser

PUBLISHER = "sample-publisher"
SERVICE = "la.moha.residence-certificate"
FOLDER = SERVICES / "residence-certificate"
HOME = "/office/catalogue/"
ENGLISH = "label::English (en)"
OLD_WORDS, NEW_WORDS = "In which village is the home?", "What is the village called now?"
LEARNS_S_MAX = 60.0


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    with running_central(tmp_path_factory.mktemp("catalogue")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium(central: RunningCentral) -> Iterator[Reader]:
    with open_browser(central.base_url) as reader:
        yield reader


@pytest.fixture
def publisher(central: RunningCentral, chromium: Reader) -> Reader:
    """The sample publisher, signed in, reading English."""
    chromium.driver.delete_all_cookies()
    chromium.resizes(DESK)
    chromium.opens(HOME)
    chromium.presses("English")
    chromium.waits_for("User name")
    chromium.writes("username", PUBLISHER)
    chromium.writes("password", central.officers[PUBLISHER])
    chromium.presses("Sign in")
    chromium.waits_for("What kiosks offer")
    chromium.complaints()
    return chromium


@pytest.fixture
def machines(central: RunningCentral, tmp_path: Path) -> Iterator[list[KioskMachine]]:
    """Two kiosks that run: number 1 and number 2."""
    made = []
    try:
        for name in ("one", "two"):
            machine = KioskMachine(tmp_path / name)
            made.append(machine)
            machine.provision(central.base_url, central.enrolment_code(kiosk_name=name))
            machine.start()
        yield made
    finally:
        for machine in made:
            machine.close()


def village_question(book: bytes, words: str) -> bytes:
    """The workbook with other English words for the village, as the clerk types them."""
    opened = load_workbook(io.BytesIO(book))
    sheet = opened["survey"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, columns["name"]).value == "village":
            sheet.cell(row, columns[ENGLISH]).value = words
    saved = io.BytesIO()
    opened.save(saved)
    return saved.getvalue()


def broken(book: bytes) -> bytes:
    """The workbook with a question that depends on one that is not there."""
    opened = load_workbook(io.BytesIO(book))
    sheet = opened["survey"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(4, columns["relevant"]).value = "${nobody} = 'x'"
    saved = io.BytesIO()
    opened.save(saved)
    return saved.getvalue()


def asked_at(machine: KioskMachine) -> tuple[str, str]:
    """The version that a kiosk offers, and how it asks for the village."""
    with machine.ledger() as ledger:
        service = Services(ledger).newest(SERVICE)
    texts = service.definition.texts["en"]
    (control,) = (c for c in service.definition.controls() if c.path == "/data/village")
    assert control.label.itext is not None
    words = texts[control.label.itext][""]
    return service.version, "".join(part for part in words if isinstance(part, str))


def learns(machine: KioskMachine, version: str, words: str) -> None:
    """Wait until a kiosk asks in these words."""
    deadline = time.monotonic() + LEARNS_S_MAX
    while asked_at(machine) != (version, words):
        assert time.monotonic() < deadline, f"It still asks {asked_at(machine)}."
        time.sleep(0.2)


def chooses_files(reader: Reader, folder: Path, **files: bytes) -> None:
    """Choose files in the page's fields."""
    names = {"workbook": "form.xlsx", "descriptor": "descriptor.yaml", "icon": "icon.png"}
    folder.mkdir(exist_ok=True)
    for field, data in files.items():
        path = folder / names[field]
        path.write_bytes(data)
        reader.driver.find_element("name", field).send_keys(str(path))


def test_a_changed_question_reaches_the_first_kiosks_then_all_and_is_rolled_back(
    publisher: Reader, machines: list[KioskMachine], tmp_path: Path
) -> None:
    first, other = machines
    book = (FOLDER / "form.xlsx").read_bytes()
    changed = village_question(book, NEW_WORDS)
    for machine in machines:
        learns(machine, "2026.11.1", OLD_WORDS)

    publisher.opens(f"{HOME}kiosks")
    publisher.chooses("1 · one")
    publisher.presses("Change their ring")
    publisher.waits_for("1 kiosk stands in its ring now.")

    publisher.opens(f"{HOME}new")
    rest = {
        field: (FOLDER / name).read_bytes()
        for field, name in {"descriptor": "descriptor.yaml", "icon": "icon.png"}.items()
    }
    chooses_files(publisher, tmp_path / "bad", workbook=broken(changed), **rest)
    publisher.presses("Check the files")
    publisher.waits_for("1 error must be mended")
    (row,) = publisher.sees("table.findings tbody tr")
    assert [cell.text for cell in row.find_elements("tag name", "td")] == [
        "survey",
        "4",
        "relevant",
        "There is no question named 'nobody'.",
    ]

    chooses_files(publisher, tmp_path / "good", workbook=changed)
    publisher.presses("Check again")
    publisher.waits_for("No errors were found.")
    publisher.presses("Look at the preview")
    publisher.waits_for("Against version 2026.11.1")
    assert [element.text for element in publisher.sees("del")] == [OLD_WORDS]
    assert [element.text for element in publisher.sees("ins")] == [NEW_WORDS]
    publisher.presses("Go on to sign")
    publisher.presses("Sign and release")
    publisher.waits_for("Version 2026.11.2 is signed and released to: First kiosks.")
    learns(first, "2026.11.2", NEW_WORDS)
    first.submit()
    assert asked_at(other) == ("2026.11.1", OLD_WORDS)

    publisher.presses("Release further")
    publisher.chooses("All kiosks (2 kiosks)")
    publisher.presses("Release")
    publisher.waits_for("Version 2026.11.2 is released to: All kiosks.")
    learns(other, "2026.11.2", NEW_WORDS)

    publisher.presses("Roll back to this content")
    publisher.waits_for("is signed again as version 2026.11.3")
    publisher.presses("Yes, roll back")
    publisher.waits_for("The content of version 2026.11.1 is in force again, as version 2026.11.3.")
    for machine in machines:
        learns(machine, "2026.11.3", OLD_WORDS)
        machine.submit()
        machine.settles(lambda state: state.waiting_count == 0)
        assert machine.refused == []
    assert publisher.complaints() == []

    publisher.opens(f"{HOME}acts")
    said = publisher.reads()
    for words in ("Rolled back", "content of 2026.11.1", "Signed", "Released: All kiosks", "1 one"):
        assert words in said
    assert "This record has been changed" not in said


def test_a_draft_survives_a_restart_of_central(
    central: RunningCentral, publisher: Reader, tmp_path: Path
) -> None:
    publisher.opens(f"{HOME}new")
    files = {"workbook": "form.xlsx", "descriptor": "descriptor.yaml", "icon": "icon.png"}
    chooses_files(
        publisher,
        tmp_path / "files",
        **{field: (FOLDER / name).read_bytes() for field, name in files.items()},
    )
    publisher.presses("Check the files")
    publisher.waits_for("No errors were found.")
    draft = publisher.driver.current_url.removeprefix(publisher.base_url)
    central.kill()
    central.start()
    publisher.opens(draft)
    publisher.waits_for("No errors were found.")
    publisher.presses("Remove this draft")
    publisher.waits_for("The draft is removed.")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["lo", "en"])
def test_no_page_is_wider_than_its_window(
    publisher: Reader, size: tuple[int, int], language: str
) -> None:
    publisher.driver.add_cookie({"name": "django_language", "value": language})
    publisher.resizes(size)
    service = f"{HOME}services/{SERVICE}/"
    for address in (HOME, f"{HOME}new", service, f"{service}2026.11.1/", f"{HOME}kiosks"):
        publisher.opens(address)
        assert publisher.width_too_much() <= 0, address
    publisher.opens(f"{HOME}acts")
    assert publisher.width_too_much() <= 0
    assert publisher.complaints() == []
