"""The guided journey: one citizen, one kiosk, one officer, by real touches and requests.

It is what `make demo` shows where there is no screen, and what the acceptance test holds: an
application is handed in while central is down, the receipt is printed, central comes back, an
officer decides on her web page, and the citizen reads the answer with her receipt. The screens are
the real ones, drawn off-screen and touched where they say what is wanted; the printer is the
virtual one; the scanner is a serial line; nothing is shortened.
"""

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests
from PIL import Image

from kiosk.finding import Found, Progress
from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Question
from kiosk.language import NAMES, _, language
from kiosk.printing.jobs import JobState
from kiosk.printing.virtual import VirtualPrinter
from tests.acceptance.paper import read_paper
from tests.central import RunningCentral
from tests.screens.driver import Driver, NotOnScreen

WAIT_S_MAX = 60.0  # for a worker to do its part on a busy machine
PAGES_MAX = 20  # of a list that is leafed through
SHIFT = "{shift}"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes to the kiosk, what she wants, and what she answers, by the questions' names."""

    language: str
    service_id: str
    answers: Mapping[str, str]
    words_from_the_office: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the screen."""

    person: Driver
    central: RunningCentral
    printer: VirtualPrinter
    scanner: int  # the far end of the scanner's line
    pictures: Path
    say: Callable[[str], None]


class Journey:
    """One visitor's way, step by step."""

    def __init__(self, visitor: Visitor, around: Surroundings) -> None:
        self._visitor = visitor
        self._around = around
        self._person = around.person
        self._shell = around.person.shell
        self._picture_count = 0
        self._papers = len(around.printer.papers)
        self.reference = ""

    def apply(self) -> None:
        """From the entrance to the receipt, while central is away."""
        self._choose_language()
        self._read_the_sheet()
        self._answer_questions()
        self._check_and_hand_in()
        self._take_the_receipt()
        self._give_feedback()

    def _say(self, words: str) -> None:
        self._around.say(words)

    def _picture(self, name: str) -> None:
        self._picture_count += 1
        code = self._visitor.language
        self._person.screenshot(
            self._around.pictures / f"{code}-{self._picture_count:02d}-{name}.png"
        )

    def _choose_language(self) -> None:
        self._picture("entrance")
        self._person.tap(NAMES[self._visitor.language])
        self._say(f"A citizen touches {NAMES[self._visitor.language]!r}.")

    def _read_the_sheet(self) -> None:
        self._picture("home")
        service = self._shell.desk.service(self._visitor.service_id)
        name = service.descriptor.name.of(language())
        self._person.tap(name)
        self._picture("service-sheet")
        self._say(f"She reads what {name!r} gives, needs and costs, and touches {_('Apply')!r}.")
        self._person.tap(_("Apply"))
        self._read_the_notice()

    def _read_the_notice(self) -> None:
        self._picture("notice")
        self._person.reads_the_notice()

    def _answer_questions(self) -> None:
        count = 0
        while (entry := self._shell.visit.entry) is not None and (page := entry.page) is not None:
            (question,) = page.questions
            name = question.path.rpartition("/")[2]
            self._answer(question, self._visitor.answers.get(name, ""))
            self._picture(f"question-{name}")
            self._person.tap(_("Continue"))
            count += 1
            still = entry.page
            if still is not None and still.questions[0].path == question.path:
                self._finish_partial(question)
        self._say(f"She answers {count} questions, one a page.")

    def _answer(self, question: Question, value: str) -> None:
        match question.kind:
            case QuestionKind.NOTE:
                return
            case QuestionKind.SELECT_ONE | QuestionKind.SELECT_MULTIPLE:
                labels = {choice.name: choice.label for choice in question.choices}
                for chosen in value.split():
                    self._tap_in_list(labels[chosen])
            case QuestionKind.IMAGE:
                self._choose_photo()
            case QuestionKind.TEXT if not (value and "numbers" not in question.appearance):
                self._person.type(value)
            case QuestionKind.TEXT:
                self._write(value)
            case _:
                self._person.type(
                    value[:4] if question.kind is QuestionKind.PARTIAL_DATE else value
                )

    def _finish_partial(self, question: Question) -> None:
        """The year is given; month and day follow, or nobody knows them."""
        if question.kind is not QuestionKind.PARTIAL_DATE:
            raise AssertionError(f"{question.path} was not accepted: {self._person.words()}")
        parts = self._visitor.answers[question.path.rpartition("/")[2]].split("-")
        self._picture("question-month")
        if len(parts) == 1:
            self._person.tap(_("I only know the year"))
            return
        self._person.tap(next(w for w in self._parts() if w.number == int(parts[1])))
        self._picture("question-day")
        self._person.tap(next(w for w in self._parts() if w.number == int(parts[2])))
        self._person.tap(_("Continue"))

    def _parts(self) -> list:  # type: ignore[type-arg]  # widgets have no types
        return [w for w in self._person.visible() if hasattr(w, "number") and hasattr(w, "chosen")]

    def _tap_in_list(self, label: str) -> None:
        """Touch a choice, leafing through the list until it is there."""
        for _page in range(PAGES_MAX):
            try:
                self._person.tap(label)
            except NotOnScreen:
                down = [w for w in self._person.visible() if getattr(w, "icon", "") == "down"]
                self._person.tap(down[-1])
            else:
                return
        raise NotOnScreen(f"{label!r} is on no page of the list.")

    def _choose_photo(self) -> None:
        tile = next(w for w in self._person.visible() if hasattr(w, "offer"))
        self._person.tap(tile)
        entry = self._shell.visit.entry
        assert entry is not None
        self._wait(entry.attachments, "the photo is developed")

    def _write(self, text: str) -> None:
        """Type on the screen's keyboard, with its shift key where a letter needs it."""
        if not self._shell.keyboard.is_open:
            field = next(w for w in self._person.visible() if type(w).__name__ == "Field")
            self._person.tap(field)
        for letter in text:
            try:
                self._person.type(letter)
            except NotOnScreen:
                self._person.tap(
                    next(w for w in self._person.visible() if getattr(w, "value", "") == SHIFT)
                )
                self._person.type(letter)

    def _check_and_hand_in(self) -> None:
        self._picture("check-answers")
        self._say("She checks her answers and goes on.")
        self._person.tap(_("These answers are right"))
        self._picture("confirmation")
        self._person.tap(_("Hand in my application"))
        submitted = self._shell.visit.submitted
        assert submitted is not None, self._person.words()
        self.reference = submitted.receipt.reference
        assert not self._around.central.is_running
        self._say(f"She hands in her application while central is down: {self.reference}.")

    def _take_the_receipt(self) -> None:
        submitted = self._shell.visit.submitted
        assert submitted is not None
        self._picture("receipt-printing")
        done = JobState.PRINTED
        self._wait(lambda: self._shell.desk.job_state(submitted.job) is done, "the paper is out")
        self._wait(lambda: len(self._around.printer.papers) > self._papers, "the paper is cut")
        self._picture("receipt")
        self._around.printer.papers[-1].save(self._paper_path())
        self._say(f"The printer gives her the receipt: {self._paper_path()}")
        self._person.tap(_("Continue"))

    def _paper_path(self) -> Path:
        return self._around.pictures / f"{self._visitor.language}-receipt-on-paper.png"

    def _give_feedback(self) -> None:
        self._picture("feedback")
        for words in ("Very easy", "Yes, fully", "Very good"):
            self._person.tap(_(words))
        self._picture("end")
        self._say("She says in three touches how it was. The screen forgets her.")
        self._shell.wipe()
        self._person.settle()

    def reaches_central(self) -> None:
        """Central is back: the kiosk sends by itself."""
        self._wait(lambda: self._shell.desk.readiness().waiting_count == 0, "all is acknowledged")
        self._say("Central is back. The kiosk sends by itself, and central acknowledges.")

    def officer_approves(self) -> None:
        """An officer finds the case, takes it up and approves it, by the real pages."""
        central = self._around.central
        session = central.sign_in()
        listed = session.get(f"{central.base_url}/office/", timeout=60).text
        match = re.search(
            rf'href="(/office/cases/([0-9a-f]{{32}})/)"[^>]*>\s*{self.reference}', listed
        )
        assert match, f"{self.reference} is not in the officer's list"
        case = central.base_url + match[1]
        page = session.get(case, timeout=60).text
        for name in ("full_name", "business_name"):
            if name in self._visitor.answers:
                assert self._visitor.answers[name] in page, "The officer cannot read the answers."
        self._act(session, f"{case}take-up")
        self._act(session, f"{case}approve", words=self._visitor.words_from_the_office)
        self._say("An officer signs in, opens her application, takes it up and approves it.")

    def _act(self, session: requests.Session, address: str, **fields: str) -> None:
        """Send one of the officer's forms, as her browser does after the confirmation."""
        case = session.get(address.rpartition("/")[0] + "/", timeout=60).text
        seen = re.search(r'name="seen" value="(\d+)"', session.get(address, timeout=60).text + case)
        assert seen is not None
        fields |= {"seen": seen[1], "step": "confirm"}
        law = re.search(r'<option value="([\w-]+)"', session.get(address, timeout=60).text)
        fields |= {"legal_basis": law[1]} if law else {}
        fields["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
        answer = session.post(address, data=fields, timeout=60)
        answer.raise_for_status()
        assert "notice good" in answer.text, answer.text

    def reads_the_answer(self) -> None:
        """She comes back, holds her receipt under the scanner, and reads."""
        with Image.open(self._paper_path()) as paper:
            text = read_paper(paper)
        assert text is not None, "The paper has no code that can be read."
        self._wait(self._is_decided, "the decision has come home")
        self._person.tap(NAMES[self._visitor.language])
        os.write(self._around.scanner, text.encode() + b"\r")
        self._wait(lambda: self._person.sees(_("Approved")), "her status is shown")
        self._picture("answer")
        self._reads(self._visitor.words_from_the_office[:12])
        self._say("Weeks later she holds her receipt under the scanner and reads the answer.")
        self._shell.wipe()
        self._person.settle()

    def _is_decided(self) -> bool:
        finding = self._shell.desk.find(self.reference)
        return isinstance(finding, Found) and finding.progress is Progress.APPROVED

    def _reads(self, words: str) -> None:
        """They stand on the page or on one after it: a word about the printer takes room."""
        for _page in range(PAGES_MAX):
            if self._person.sees(words) or not self._person.turn_page():
                break
        self._person.expect(words)

    def _wait(self, until: Callable[[], object], what: str) -> None:
        """Let the workers work and the screen live until it is so."""
        deadline_s = time.monotonic() + WAIT_S_MAX
        while not until():
            if time.monotonic() > deadline_s:
                raise AssertionError(f"It took too long until {what}: {self._person.words()}")
            time.sleep(0.02)
            self._shell.tick()
            self._person.settle()
