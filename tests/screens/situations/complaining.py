"""Situations of somebody who complains, reads the answer, and is asked about a decision."""

from kiosk.language import NAMES, _, language
from kiosk.printing.errors import PrinterCode
from sync.records import Status
from tests.screens.driver import Driver
from tests.screens.situations import Situation
from tests.screens.situations.applying import touching, typing, wrong
from tests.screens.world import COMPLAINED, COMPLAINT

ANSWER = (
    "ຂໍຂອບໃຈທີ່ບອກພວກເຮົາ. ຄ່າທຳນຽມທາງການແມ່ນ 20.000 ກີບ. "
    "ເງິນ 50.000 ກີບ ຈະສົ່ງຄືນໃຫ້ທ່ານ ແລະ ເຈົ້າໜ້າທີ່ໄດ້ຖືກຕັກເຕືອນແລ້ວ."
)


def on_the_sheet(person: Driver) -> None:
    person.world.printer_is(PrinterCode.PAPER_OUT)  # the banner takes room: the harder case
    person.tap(NAMES[language()])
    person.tap(_("Complain"))


def on_the_notice(person: Driver) -> None:
    on_the_sheet(person)
    person.tap(person.shell.screen.main_action)


def asked(path: str, *, about: str = "", paper: bool = False) -> Situation:
    """At that question of the complaint, everything before it answered."""

    def situation(person: Driver) -> None:
        if not paper:
            person.world.printer_is(PrinterCode.PAPER_OUT)
        person.tap(NAMES[language()])
        if about:
            person.shell.go("sheet", service_id=COMPLAINT, about=about)
            person.settle()
        else:
            person.tap(_("Complain"))
        person.tap(person.shell.screen.main_action)
        person.reads_the_notice()
        entry = person.shell.visit.entry
        assert entry is not None
        for place, value in (COMPLAINED | LESS_USUAL).items():
            if place != path:
                entry.answer(place, value)
        assert entry.go_to(path)
        person.shell.screen.refresh()
        person.settle()

    return situation


LESS_USUAL = {
    "/data/name_given": "yes",
    "/data/complainant_name": "ນາງ ສົມພອນ ວົງສະຫວັນ",
    "/data/answer_by": "call",
}


def all_said(person: Driver) -> None:
    asked("/data/answer_by")(person)
    entry = person.shell.visit.entry
    assert entry is not None
    for place, value in COMPLAINED.items():
        entry.answer(place, value)
    entry.go_to_end()
    person.shell.go("check", service_id=COMPLAINT)
    person.settle()


def confirming(person: Driver) -> None:
    all_said(person)
    person.shell.screen.proceed()
    person.settle()


def handed_in(person: Driver) -> None:
    confirming(person)
    person.tap(_("Hand in my complaint"))


def scanned(
    status: Status | None, *, words: str | None = None, complaint: bool = True
) -> Situation:
    """Her receipt was read after that was decided."""

    def situation(person: Driver) -> None:
        person.world.printer_is(PrinterCode.PAPER_OUT)
        world = person.world
        submitted = world.complains() if complaint else world.submits()
        if status is not None:
            world.decides(submitted, status, words=words)
        person.tap(NAMES[language()])
        world.scanner.reads(submitted.receipt.token)
        person.passes_s(0.5)

    return situation


answered = scanned(Status.ANSWERED, words=ANSWER)
approved = scanned(Status.APPROVED, words="ກະລຸນາມາຮັບໃບຢັ້ງຢືນ.", complaint=False)

SITUATIONS: dict[str, Situation] = {
    "complaint-notice": on_the_notice,
    "complaint-sheet": on_the_sheet,
    "complaint-category": asked("/data/category"),
    "complaint-about": asked("/data/about_reference"),
    "complaint-about-receipt": asked("/data/about_reference", about="0X6J-R8E5-D12Y"),
    "complaint-office": asked("/data/office"),
    "complaint-service": asked("/data/service"),
    "complaint-what-happened": asked("/data/what_happened"),
    "complaint-what-happened-typing": typing(asked("/data/what_happened")),
    "complaint-what-happened-wrong": wrong(asked("/data/what_happened")),
    "complaint-when": asked("/data/happened_when"),
    "complaint-amount": asked("/data/amount_asked"),
    "complaint-photo": asked("/data/photo"),
    "complaint-name-or-none": asked("/data/name_given"),
    "complaint-name": asked("/data/complainant_name"),
    "complaint-answer-by": asked("/data/answer_by"),
    "complaint-call": asked("/data/call_back"),
    "complaint-check": all_said,
    "complaint-confirm": confirming,
    "complaint-receipt": handed_in,
    "complaint-finding-sent": scanned(None),
    "complaint-finding-assigned": scanned(Status.ASSIGNED),
    "complaint-finding-transferred": scanned(Status.TRANSFERRED),
    "complaint-finding-answered": answered,
    "complaint-finding-reopened": scanned(Status.REOPENED),
    "complaint-verdict": touching(answered, "Reply"),
    "opinion": touching(approved, "Finish"),
    "opinion-skipped": touching(approved, "Finish", *("Skip",) * 5),
}
