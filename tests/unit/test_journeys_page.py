"""What kiosks count of journeys comes in bounded, and is shown as a funnel where it is enough."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from django.urls import reverse
from django.utils import timezone

from kiosk.visit import Visit
from sync import envelope as envelopes
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.models import Case, Office
from sync.central.casework.set_aside import complains
from sync.central.catalogue import shelf
from sync.central.intake.exchange import CentralServer
from sync.central.intake.judgement import judge_again
from sync.central.intake.log import file_set_aside
from sync.central.intake.models import FeedItem, SetAside, StoredEnvelope
from sync.central.journeys.intake import COUNT_MAX, JOURNEYS_MAX, journeys_of
from sync.central.journeys.models import Journey
from sync.central.keys import central_keys
from sync.journey import CHECK, LAYOUT, NO_SERVICE, QUESTIONS_MAX
from sync.records import ChangeKind, Kind, Outcome
from tests import residence
from tests.desk_kiosk import DeskKiosk
from tests.officers import browser_of, new_officer, text_of
from tests.paper_kiosk import PaperKiosk, new_code
from tests.sample_service import OFFICE
from tests.unit.test_journey import FOR_WHOM, begins, is_on_a_later_day
from tests.unit.test_visit import Hand

TODAY = date(2026, 11, 26)
NAME = "/data/full_name"
QUICK = [10, 0, 0, 10, 0, 0, 0]


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    residence.put_on_shelf()
    return PaperKiosk(CentralServer())


def told(**changed: Any) -> dict[str, Any]:
    bundle = shelf.find_current(residence.SERVICE)
    return {
        "day": TODAY.isoformat(),
        "service": bundle.service,
        "version": bundle.version,
        "language": "lo",
        "begun": 10,
        "handed_in": 6,
        "set_aside": 1,
        "questions": {FOR_WHOM: [10, 0, 1, 9, 1, 0, 0], CHECK: [9, 0, 2, 9, 0, 0, 0]},
    } | changed


def sends(kiosk: PaperKiosk, record: Mapping[str, Any]) -> Outcome:
    kiosk.files(record, kind=Kind.JOURNEY, reference="", service=NO_SERVICE, service_version=LAYOUT)
    return kiosk.sends().acknowledgements[-1].outcome


def test_counts_come_in_by_office_day_service_and_language(kiosk: PaperKiosk) -> None:
    assert sends(kiosk, {"journeys": [told(day="2025-11-26"), told(language="en")]}) is (
        Outcome.CREATED
    )
    one, other = Journey.objects.order_by("pk")
    assert (one.office_id, one.service, one.language) == (OFFICE, residence.SERVICE, "lo")
    assert (one.begun, one.handed_in, one.set_aside) == (10, 6, 1)
    assert one.questions == told()["questions"]
    assert other.language == "en"


def test_counts_are_no_case_no_news_and_nobody_s_complaint(kiosk: PaperKiosk) -> None:
    sends(kiosk, {"journeys": [told()]})
    assert not Case.objects.exists()
    assert not FeedItem.objects.filter(kind=ChangeKind.STATUS.value).exists()
    assert StoredEnvelope.objects.get().kind == "journey"


def test_what_else_stands_in_it_is_not_taken_over(kiosk: PaperKiosk) -> None:
    office = Office.objects.get(pk=OFFICE)
    words = "ນາງ ສົມພອນ 02055512345"
    hostile = told(
        language=words,
        name=words,
        begun=10**12,
        handed_in=-5,
        set_aside="4",
        questions={
            words: QUICK,
            "/data/full_name[1]": QUICK,
            "/data/no_such_question": QUICK,
            7: QUICK,
            FOR_WHOM: [10**9, 10**9, True, 1.5, None, -1, 10],
            NAME: [1, 2, 3],
            CHECK: words,
        },
    )
    assert sends(kiosk, {"journeys": [hostile], "telephone": words}) is Outcome.CREATED
    kept = Journey.objects.get()
    assert (kept.begun, kept.handed_in, kept.set_aside) == (COUNT_MAX, 0, 0)
    assert kept.questions == {FOR_WHOM: [COUNT_MAX, COUNT_MAX, 0, 0, 0, 0, 10]}
    assert kept.language == ""
    assert "ສົມພອນ" not in str(vars(kept))
    nothing: list[dict[str, Any]] = [
        {"journeys": None},
        {"journeys": words},
        {"journeys": [words, None, 7, []]},
        *({"journeys": [told(**{key: 7})]} for key in ("service", "version")),
        {"journeys": [told(service="la.never.published"), told(begun=0), told(version="x" * 500)]},
        {},
    ]
    assert [list(journeys_of(record, office, TODAY)) for record in nothing] == [[]] * len(nothing)


def test_no_envelope_brings_more_than_its_share(kiosk: PaperKiosk) -> None:
    office = Office.objects.get(pk=kiosk.enrolment.office)
    many = {"journeys": [told(questions={FOR_WHOM: QUICK})] * 3000}
    assert len(list(journeys_of(many, office, TODAY))) == JOURNEYS_MAX
    wide = told(questions={FOR_WHOM: QUICK} | {f"/data/q{one}": QUICK for one in range(5000)})
    kept = list(journeys_of({"journeys": [wide] * 2}, office, TODAY))
    assert sum(len(one.questions) for one in kept) <= QUESTIONS_MAX


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        (TODAY.isoformat(), TODAY),
        ((TODAY - timedelta(days=399)).isoformat(), TODAY - timedelta(days=399)),
        ("2036-01-01", TODAY),  # the kiosk's clock was wrong
        ("1970-01-01", TODAY),
        ("2026-13-01", TODAY),
        (20261126, TODAY),
    ],
)
def test_a_day_that_cannot_be_is_the_day_it_came(
    kiosk: PaperKiosk, day: object, kept: date
) -> None:
    office = Office.objects.get(pk=kiosk.enrolment.office)
    (one,) = journeys_of({"journeys": [told(day=day)]}, office, TODAY)
    assert one.day == kept


def counted(begun: int, left_at_name: int = 0, days_ago: int = 0, **changed: Any) -> None:
    """So many journeys, of which some ended at the question for the name."""
    bundle = shelf.find_current(residence.SERVICE)
    came = begun - left_at_name
    facts = {
        "office_id": OFFICE,
        "day": vientiane_day(timezone.now()) - timedelta(days=days_ago),
        "service": bundle.service,
        "version": bundle.version,
        "language": "lo",
        "begun": begun,
        "handed_in": came,
        "set_aside": 0,
        "questions": {
            FOR_WHOM: [begun, 0, 0, begun, 0, 0, 0],
            NAME: [begun, begun // 2, left_at_name, 0, 0, 0, begun],
            CHECK: [came, 0, 0, came, 0, 0, 0],
        },
    }
    Journey.objects.create(**(facts | changed))


def shown(address: str = "", language: str = "en", office: str = OFFICE) -> str:
    officer = Office.objects.get(pk=office).officers.first() or new_officer("keo", office)
    return text_of(browser_of(officer, language).get(reverse("journeys") + address))


def row_of(page: str, label: str) -> str:
    """The words of a row, without its tags."""
    row = next(row for row in page.split("<tr>") if f'<th scope="row">{label}' in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row.partition("</tr>")[0])).strip()


def test_a_funnel_shows_where_people_stop_in_the_form_s_order(kiosk: PaperKiosk) -> None:
    assert kiosk.log == []
    counted(40, left_at_name=8)
    page = shown()
    assert "Residence certificate" in page
    first = row_of(page, "Who is the certificate for?")
    assert first.endswith("40 (100 %) 0 (0 %) 0 (0 %) 0 (0 %)")
    name = row_of(page, "Which full name")
    assert "40 (100 %) 8 (20 %) Most stop here 20 (50 %) Often wrong 40 (100 %) Slow" in name
    assert "32 (80 %) 0 (0 %)" in row_of(page, "Check your answers")
    assert '<rect width="80" height="1"/>' in page
    assert page.index("Who is the certificate for?") < page.index("Which full name")
    assert page.index("Which full name") < page.index("Check your answers")
    assert "fewer than 10" in row_of(page, "What happens when you hand it in")


def test_the_page_speaks_lao(kiosk: PaperKiosk) -> None:
    assert kiosk.log == []
    counted(40, left_at_name=8)
    page = shown(language="lo")
    assert "ປະຊາຊົນຢຸດຢູ່ບ່ອນໃດ" in page
    assert "20 (50 %) ຜິດເລື້ອຍໆ" in row_of(page, "ໃນໃບຢັ້ງຢືນ ໃຫ້ຂຽນຊື່ ແລະ ນາມສະກຸນ ໃດ?")
    assert "Most stop here" not in page


def test_fewer_than_ten_are_not_shown_and_cannot_be_worked_out(kiosk: PaperKiosk) -> None:
    assert kiosk.log == []
    counted(9)
    assert "fewer than 10" in shown()
    assert "<table" not in shown()
    counted(12, language="en")
    assert "<table" in shown(), "twenty-one together"
    assert "<table" not in shown("?language=lo")
    assert "<table" not in shown("?language=en"), "else the nine could be worked out"
    counted(1)
    assert "<table" in shown("?language=en")
    counted(3, days_ago=60)
    assert "<table" not in shown("?days=30"), "else the three could be worked out"
    assert "<table" in shown("?days=90")
    counted(10, days_ago=60)
    assert "<table" in shown("?days=30&language=lo")
    assert "<table" in shown("?days=nonsense&language=<b>")


def test_an_office_sees_its_own_kiosks_only(kiosk: PaperKiosk) -> None:
    assert kiosk.log == []
    counted(40)
    other = Office.objects.exclude(pk=OFFICE).earliest("pk").pk
    assert "have not counted anything yet" in shown(office=other)
    answer = browser_of(new_officer("bua"), "en").get(reverse("casework:cases"))
    assert reverse("journeys") in text_of(answer)


def test_a_form_that_is_gone_breaks_no_page(kiosk: PaperKiosk) -> None:
    assert kiosk.log == []
    counted(40, service="la.gone", version="1")
    assert "The form is no longer published here." in shown()


# --- a real kiosk --------------------------------------------------------------------------


@pytest.fixture
def desk_kiosk(kiosk: PaperKiosk, tmp_path: Path) -> Iterator[DeskKiosk]:
    assert kiosk.log == []
    made = DeskKiosk(tmp_path / "kiosk", cast("Any", CentralServer()), new_code())
    yield made
    made.ledger.close()


def walks_and_a_day_passes(kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(Hand(), idle_s=60, warning_s=20)
    begins(kiosk, visit)
    visit.is_at(FOR_WHOM)
    visit.wipe()
    assert kiosk.desk.count_journeys(tuple(visit.journey.walked))
    is_on_a_later_day(kiosk, monkeypatch)
    assert kiosk.desk.send_journeys()
    kiosk.submits()


def test_what_a_kiosk_counts_reaches_central_as_it_was(
    desk_kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks_and_a_day_passes(desk_kiosk, monkeypatch)
    desk_kiosk.exchanges()
    kept = Journey.objects.get()
    assert (kept.service, kept.begun, kept.language) == (residence.SERVICE, 1, "lo")
    assert kept.questions == {FOR_WHOM: [1, 0, 1, 1, 0, 0, 0]}
    assert desk_kiosk.ledger.numbers().set_aside == 0
    assert Case.objects.count() == 1


class OlderCentral(CentralServer):
    """Of the time before kiosks counted journeys."""

    KINDS = list(Kind)[: list(Kind).index(Kind.JOURNEY)]

    def exchange(self, batch: bytes) -> bytes:
        with pytest.MonkeyPatch.context() as before:
            before.setattr("sync.records.Kind", self.KINDS)
            return super().exchange(batch)


def test_an_older_central_sets_counts_aside_and_takes_them_up_once_it_is_updated(
    desk_kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks_and_a_day_passes(desk_kiosk, monkeypatch)
    desk_kiosk.central = cast("Any", OlderCentral())
    desk_kiosk.exchanges()
    assert not Journey.objects.exists()
    assert Case.objects.count() == 1, "what is behind it goes on"
    row = SetAside.objects.get()
    assert row.reason == SetAside.Reason.UNREADABLE
    assert desk_kiosk.ledger.numbers().set_aside == 1
    assert not complains(row)
    file_set_aside(row, judge_again(row, central_keys()))
    assert Journey.objects.get().begun == 1


def test_counts_sealed_for_somebody_else_wait_for_a_person(kiosk: PaperKiosk) -> None:
    envelope = kiosk.files({"journeys": []}, kind=Kind.JOURNEY, reference="")
    other = envelopes.seal_answers({}, envelope.header, bytes(16))
    kiosk.log[-1] = type(envelope)(envelope.header, other, envelope.sealed_secret)
    assert kiosk.sends().acknowledgements[-1].outcome is Outcome.UNREADABLE
    assert not Journey.objects.exists()
