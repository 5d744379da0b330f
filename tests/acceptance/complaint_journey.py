"""One person's complaint, step by step: lodged by touch, hidden from whom it is about, answered."""

import os
import re

import requests
from PIL import Image

from kiosk.finding import Found, Progress
from kiosk.language import NAMES, _
from sync.records import ApplicationId
from tests.acceptance.journey import Journey
from tests.acceptance.paper import read_paper

OFFICERS = ("sample-xaythany", "sample-supervisor")  # of the office that is complained about
ANSWERS = {
    "category": "unofficial-fee",
    "about_reference": "",
    "office": "la-vte-xaythany",
    "service": "la.moha.residence-certificate",
    "happened_when": "2026",
    "amount_asked": "50000",
    "name_given": "no",
    "answer_by": "receipt",
}
TOLD = {"lo": "ຂໍເງິນ ນອກຄ່າທຳນຽມ", "en": "asked for money"}
FIRST = {"lo": "ພວກເຮົາກຳລັງກວດສອບ.", "en": "We are looking into it."}
SECOND = {"lo": "ເງິນຈະສົ່ງຄືນໃຫ້ທ່ານ.", "en": "The money comes back to you."}


class Complaint(Journey):
    """One person who complains."""

    application = ApplicationId("")

    def lodges(self) -> None:
        self._choose_language()
        self._picture("home")
        self._person.tap(_("Complain"))
        self._picture("complaint-sheet")
        self._person.tap(self._shell.screen.main_action)
        self._read_the_notice()
        self._answer_questions()
        self._picture("check-answers")
        self._person.tap(_("These answers are right"))
        self._picture("confirmation")
        self._person.tap(_("Hand in my complaint"))
        submitted = self._shell.visit.submitted
        assert submitted is not None, self._person.words()
        self.reference = submitted.receipt.reference
        self.application = submitted.application
        self._say(f"She complains without her name: {self.reference}.")
        self._take_the_receipt()
        self._reads(_("Thank you"))
        self._shell.wipe()
        self._person.settle()

    def is_hidden_from_whom_it_is_about(self) -> None:
        central = self._around.central
        for name in OFFICERS:
            session = central.sign_in(name)
            listed = session.get(f"{central.base_url}/office/", timeout=60)
            assert listed.ok
            assert self.reference not in listed.text
            for address in (f"cases/{self.application}/", f"complaints/{self.application}/"):
                answer = session.get(f"{central.base_url}/office/{address}", timeout=60)
                assert answer.status_code in (403, 404), (name, address)
                assert TOLD[self._visitor.language] not in answer.text
        self._say("The office that it is about finds nothing of it.")

    def _complaint(self) -> str:
        return f"{self._around.central.base_url}/office/complaints/{self.application}/"

    def is_answered(self, words: str, *, assigned: bool) -> None:
        session = self._around.central.sign_in("sample-complaints")
        page = session.get(self._complaint(), timeout=60).text
        assert TOLD[self._visitor.language] in page
        if not assigned:
            to = re.search(
                r'name="to" value="(\d+)"',
                session.get(f"{self._complaint()}assign", timeout=60).text,
            )
            assert to is not None
            self._does(session, "assign", to=to[1])
        self._does(session, "answer", words=words)
        self._say("An officer of the province answers.")

    def _does(self, session: requests.Session, deed: str, **fields: str) -> None:
        form = session.get(f"{self._complaint()}{deed}", timeout=60).text
        seen = re.search(r'name="seen" value="(\d+)"', form)
        assert seen is not None, form
        fields |= {"seen": seen[1], "csrfmiddlewaretoken": session.cookies["csrftoken"]}
        answer = session.post(f"{self._complaint()}{deed}", data=fields, timeout=60)
        assert "notice good" in answer.text, answer.text

    def reads_and_replies(self, words: str, reply: str) -> None:
        with Image.open(self._paper_path()) as paper:
            text = read_paper(paper)
        assert text is not None, "The paper has no code that can be read."
        self._wait(self._has_an_answer, "the answer has come home")
        self._person.tap(NAMES[self._visitor.language])
        os.write(self._around.scanner, text.encode() + b"\r")
        self._wait(lambda: self._person.sees(_("There is an answer")), "it is shown")
        self._picture("answer")
        self._reads(words)
        self._person.tap(_("Reply"))
        self._picture("verdict")
        self._person.tap(_(reply))
        self._picture("thanks")
        self._shell.wipe()
        self._person.settle()
        self.reaches_central()

    def _has_an_answer(self) -> bool:
        finding = self._shell.desk.find(self.reference)
        return isinstance(finding, Found) and finding.progress is Progress.ANSWERED

    def central_says(self, words: str) -> None:
        session = self._around.central.sign_in("sample-complaints")
        session.cookies.set("django_language", "en")
        assert words in session.get(self._complaint(), timeout=60).text
