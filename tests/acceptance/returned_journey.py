"""One visitor's way with an application that comes back: see `returned`."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import requests
from PIL import Image

from kiosk.finding import Found, Progress
from kiosk.language import NAMES, _, format_number
from kiosk.printing.jobs import JobState
from tests.acceptance.journey import Journey, Surroundings, Visitor
from tests.acceptance.paper import read_paper

TRIES_MAX = 5


@dataclass(frozen=True, slots=True)
class Return:
    """What the officer asks to correct, and what the citizen makes of it."""

    reason: str
    words: str
    asked: tuple[str, ...]  # paths of questions
    typed: str  # at the first of them
    shown: str  # how an officer then reads it
    before: str  # how she read it before


RETURNS = {
    "lo": Return(
        reason="name-differs",
        words="ກະລຸນາຂຽນຊື່ໃຫ້ຄືໃນປຶ້ມ.",
        asked=("/data/full_name", "/data/family_book"),
        typed="ຈັນ",
        shown="ຈັນ",
        before="ຄຳ ແສງ",
    ),
    "en": Return(
        reason="",
        words="Please say how many people work there.",
        asked=("/data/workers", "/data/identity_page"),
        typed="3",
        shown="3",
        before=format_number(2, "en"),
    ),
}


class ReturnedJourney(Journey):
    """Applies as the demo's visitor does; then it comes back."""

    def __init__(self, visitor: Visitor, around: Surroundings, returned: Return) -> None:
        super().__init__(visitor, around)
        self._returned = returned
        self._old_paper: Path = self._paper_path()
        self.old_reference = ""

    def _choose_photo(self) -> None:
        """Touch the photo; once more where a busy machine gave up on it."""
        entry = self._shell.visit.entry
        assert entry is not None
        for _try in range(TRIES_MAX):
            tile = next(w for w in self._person.visible() if hasattr(w, "offer"))
            self._person.tap(tile)
            self._wait(self._is_answered, "the photo is developed")
            if entry.attachments():
                return
            self._person.tap(self._shell.ids.back)
            self._person.tap(_("Continue"))
        raise AssertionError("The photo was never developed.")

    def _is_answered(self) -> bool:
        """The photo is there, or the darkroom said why not."""
        entry = self._shell.visit.entry
        return bool(self._shell.screen.problem or (entry is not None and entry.attachments()))

    def officer_returns(self) -> None:
        """An officer takes it up and returns it with two questions marked."""
        central = self._around.central
        session = central.sign_in()
        case = self._case(session, self.reference)
        self._act(session, f"{case}take-up")
        form = session.get(f"{case}return", timeout=60).text
        for path in self._returned.asked:
            assert f'value="{path}"' in form, f"{path} cannot be marked"
        reason = self._returned.reason or _first_reason(form)
        fields = {"reason": reason, "words": self._returned.words}
        self._act(session, f"{case}return", asked=list(self._returned.asked), **fields)  # type: ignore[arg-type]  # requests sends each
        self._say(f"An officer returns {self.reference} with two questions marked.")

    def scans_what_came_back(self) -> None:
        """She holds her receipt under the scanner and sees why it came back."""
        self._wait(lambda: self._progress(self.reference) is Progress.RETURNED, "it came back")
        self._person.tap(NAMES[self._visitor.language])
        self._scan(self._old_paper)
        self._wait(lambda: self._person.sees(_("Correct it now")), "her status is shown")
        self._picture("came-back")
        self._reads(self._returned.words[:12])

    def corrects(self) -> None:
        """She corrects what is marked and hands it in while central is down."""
        self._person.tap(_("Correct it now"))
        self._picture("correcting")
        self._reads(_("The office asks you to correct: %(count)s", count=2))
        self._person.tap(_("Correct what is asked"))
        self._write_anew()
        self._picture("corrected-answer")
        self._person.tap(_("Continue"))
        self._reads(_("The office asks you to correct: %(count)s", count=1))
        self._person.tap(_("Correct what is asked"))
        self._picture("photo-is-still-there")
        entry = self._shell.visit.entry
        assert entry is not None
        assert entry.attachments(), "Her photo did not open with her receipt."
        self._person.tap(_("Continue"))
        self._picture("corrected")
        self._person.tap(_("These answers are right"))
        self._picture("correction-confirmation")
        self._person.tap(_("Hand in my application"))
        submitted = self._shell.visit.submitted
        assert submitted is not None, self._person.words()
        self.old_reference, self.reference = self.reference, submitted.receipt.reference
        assert submitted.receipt.replaces == self.old_reference
        assert not self._around.central.is_running
        self._keep_the_old_paper()
        printed = JobState.PRINTED
        self._wait(lambda: self._shell.desk.job_state(submitted.job) is printed, "the paper is out")
        self._wait(lambda: len(self._around.printer.papers) > self._papers + 1, "it is cut")
        self._picture("correction-receipt")
        self._around.printer.papers[-1].save(self._paper_path())
        self._say(f"She hands in {self.reference}, which replaces {self.old_reference}.")
        self._person.tap(_("Continue"))
        self._shell.wipe()
        self._person.settle()

    def _write_anew(self) -> None:
        field = [w for w in self._person.visible() if type(w).__name__ == "Field"]
        if not field:  # a number: its keys are there already
            for _digit in range(3):
                self._person.tap(self._key("backspace"))
            self._person.type(self._returned.typed)
            return
        self._person.tap(field[0])
        while field[0].text:
            self._person.tap(self._key("backspace"))
        self._write(self._returned.typed)
        self._shell.keyboard.close()
        self._person.settle()

    def _key(self, icon: str) -> object:
        return next(w for w in self._person.visible() if getattr(w, "icon", "") == icon)

    def _keep_the_old_paper(self) -> None:
        kept = self._old_paper.with_name(f"{self._visitor.language}-old-receipt-on-paper.png")
        self._old_paper = self._old_paper.replace(kept)

    def officer_sees_what_changed_and_approves(self) -> None:
        """The correction stands beside the old answers; the old case can be decided no more."""
        central = self._around.central
        session = central.sign_in()
        case = self._case(session, self.reference, "?show=mine")
        page = session.get(case, timeout=60).text
        text = re.sub(r"<[^>]+>|\s+", " ", page)
        assert self.old_reference in text
        assert f"<s>{self._returned.before}</s>" in page, "What it was before is not shown."
        assert self._returned.shown in text
        old = self._case(session, self.old_reference, "?show=decided")
        assert f"{old}approve" not in session.get(old, timeout=60).text
        self._act(session, f"{case}take-up")
        self._act(session, f"{case}approve", words=self._visitor.words_from_the_office)
        self._say("The officer sees what changed against the old one, and approves the correction.")

    def old_receipt_leads_to_the_new_one(self) -> None:
        """The first paper is not worthless: it says which reference counts, and how it is."""
        self._person.tap(NAMES[self._visitor.language])
        self._scan(self._old_paper)
        self._wait(lambda: self._person.sees(_("You have handed in a correction")), "it is said")
        self._picture("old-receipt")
        self._reads(self.reference)
        self._reads(_("Approved"))
        self._say(f"Her old receipt says that {self.reference} counts now.")
        self._shell.wipe()
        self._person.settle()

    def _scan(self, paper: Path) -> None:
        with Image.open(paper) as picture:
            text = read_paper(picture)
        assert text is not None, "The paper has no code that can be read."
        os.write(self._around.scanner, text.encode() + b"\r")

    def _progress(self, reference: str) -> Progress | None:
        finding = self._shell.desk.find(reference)
        return finding.progress if isinstance(finding, Found) else None

    def _case(self, session: requests.Session, reference: str, show: str = "") -> str:
        """The address of a case in the officer's list."""
        base_url = self._around.central.base_url
        listed = session.get(f"{base_url}/office/{show}", timeout=60).text
        match = re.search(rf'href="(/office/cases/[0-9a-f]{{32}}/)"[^>]*>\s*{reference}', listed)
        assert match, f"{reference} is not in the officer's list"
        return base_url + match[1]


def _first_reason(form: str) -> str:
    match = re.search(r'name="reason" value="([^"]+)"', form)
    assert match
    return match[1]
