"""A complaint goes round the office it is about; its answer comes home to the paper alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import cbor2
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kiosk.clerks import Clerk
from kiosk.finding import Found, Progress, Question
from kiosk.forms import publish
from kiosk.forms.voice import AFTER_DECISION, AFTER_SERVICE, ATTRIBUTES, path_of
from sync import envelope as envelopes
from sync.central.casework import clerks
from sync.central.casework.models import Case, Office
from sync.central.catalogue import shelf
from sync.central.intake import feed
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import FeedItem, SetAside, StoredEnvelope
from sync.central.keys import central_keys
from sync.central.voice.complaints import NobodyElse, desk_for
from sync.central.voice.models import Complaint, Feedback
from sync.central.voice.steps import other_desks
from sync.records import ChangeKind, Envelope, Kind, Outcome, Status, office_audience
from sync.reference import compose
from sync.reply import Reply, Verdict
from tests.desk_kiosk import DeskKiosk, fill
from tests.officers import browser_of, new_officer, posts, text_of
from tests.paper_kiosk import PaperKiosk, new_code
from tests.residence import LAW
from tests.sample_answers import ANSWERS, COMPLAINT, EVERY_FOLDER, FEEDBACK, RESIDENCE
from tests.sample_service import OFFICE

PROVINCE, NATION = "la-vt-complaints", "la-complaints"
TOLD = "ຫົວໜ້າຂໍເງິນ-ກາລະເກດ-7731"  # words that stand nowhere else
NAME = "ນາງ ຈຳປາທອງ ບໍ່ມີໃຜຮູ້"
UNKNOWN = compose(1, 4711)
REPLY_WORDS = "ຂໍອະໄພ. ເງິນຈະສົ່ງຄືນໃຫ້ທ່ານ."


@pytest.fixture(scope="module")
def bundles() -> tuple[bytes, ...]:
    folders = [EVERY_FOLDER[service] for service in (RESIDENCE, COMPLAINT, FEEDBACK)]
    services = settings.ROOT / "assets" / "services"
    return tuple(publish.publish(services / one, None, central_keys().bundles) for one in folders)


@pytest.fixture
def kiosk(central: Path, tmp_path: Path, bundles: tuple[bytes, ...]) -> Iterator[DeskKiosk]:
    assert central.is_dir()
    for bundle in bundles:
        shelf.put(bundle)
    new_officer("vanna", PROVINCE, handles_complaints=True)
    made = DeskKiosk(tmp_path / "kiosk", cast("Any", CentralServer()), new_code())
    yield made
    made.ledger.close()


def vanna(language: str = "en") -> Client:
    return browser_of(officer("vanna"), language)


def officer(username: str) -> Any:
    return Office.objects.get(officers__user__username=username).officers.get(
        user__username=username
    )


def complains(kiosk: DeskKiosk, about: str = "", **changed: str) -> Any:
    entry = kiosk.desk.begin_complaint(about)
    fill(entry, ANSWERS[COMPLAINT] | {"what_happened": TOLD} | changed)
    submitted = kiosk.desk.submit(entry)
    kiosk.exchanges()
    return submitted


def found(kiosk: DeskKiosk, submitted: Any) -> Found:
    kiosk.exchanges()
    finding = kiosk.desk.find_scanned(submitted.receipt.token)
    assert isinstance(finding, Found)
    return finding


def page(case: Case) -> str:
    return reverse("voice:complaint", args=[case.application])


def acts(somebody: Client, case: Case, deed: str, **fields: str) -> Any:
    address = reverse("voice:act", args=[case.application, deed])
    return posts(somebody, address, {"seen": str(case.last_number), **fields})


def answered(kiosk: DeskKiosk, submitted: Any) -> Case:
    case = Case.complaints.get(application=submitted.application)
    acts(vanna(), case, "assign", to=str(officer("vanna").pk))
    case.refresh_from_db()
    acts(vanna(), case, "answer", words=REPLY_WORDS)
    case.refresh_from_db()
    assert case.status == Status.ANSWERED.value
    kiosk.exchanges()
    return case


def test_a_complaint_goes_to_the_office_above_the_one_it_is_about(kiosk: DeskKiosk) -> None:
    submitted = complains(kiosk)
    case = Case.complaints.get()
    assert (case.reference, case.office_id) == (submitted.receipt.reference, PROVINCE)
    its = case.complaint
    assert (its.accused_id, its.service, its.category) == (OFFICE, RESIDENCE, "unofficial-fee")
    assert case.due_on is not None
    assert case.due_on == submitted.receipt.due


def test_who_looks_into_it_sees_which_clerk_helped_to_write_it(kiosk: DeskKiosk) -> None:
    office = Office.objects.get(pk=OFFICE)
    made = clerks.add(office, "ນາງ ບົວລີ ສີສຸວັນ", "480271", None, timezone.now())
    kiosk.exchanges()
    clerk = kiosk.desk.clerks.sign_in(made.number, "480271")
    assert isinstance(clerk, Clerk)
    entry = kiosk.desk.begin_complaint()
    fill(entry, ANSWERS[COMPLAINT])
    kiosk.desk.submit(entry, assisted_by=clerk)
    kiosk.exchanges()
    told = text_of(vanna().get(page(Case.complaints.get())))
    assert f"<dt>Helped by</dt><dd>{made.name} · {made.number}" in told
    assert "The applicant confirmed what was entered." in told


def test_it_travels_under_its_own_kind(kiosk: DeskKiosk) -> None:
    submitted = complains(kiosk)
    stored = StoredEnvelope.objects.get(pk=submitted.application)
    assert stored.kind == Kind.COMPLAINT.value


def test_a_complaint_from_a_receipt_is_about_the_office_that_has_the_case(
    kiosk: DeskKiosk,
) -> None:
    applied = kiosk.submits(RESIDENCE)
    kiosk.exchanges()
    Case.objects.update(office="la-lpb-nambak")
    complains(kiosk, applied.receipt.reference)
    its = Complaint.objects.get()
    assert (its.about, its.accused_id) == (applied.receipt.reference, "la-lpb-nambak")
    assert its.service == RESIDENCE


def test_from_a_receipt_neither_office_nor_service_is_asked(kiosk: DeskKiosk) -> None:
    entry = kiosk.desk.begin_complaint("0X6J-R8E5-D12Y")
    asked = {line.path for line in entry.lines()}
    assert path_of("office") not in asked
    assert path_of("service") not in asked
    assert entry.value_of(path_of("about_reference")) == "0X6J-R8E5-D12Y"


def test_a_reference_that_nobody_knows_yet_goes_round_the_office_of_the_kiosk(
    kiosk: DeskKiosk,
) -> None:
    applied = kiosk.submits(RESIDENCE)
    kiosk.ledger.database.execute("UPDATE log SET outcome = 'created'")  # as if it went elsewhere
    complaint = kiosk.desk.begin_complaint(applied.receipt.reference)
    fill(complaint, ANSWERS[COMPLAINT])
    kiosk.desk.submit(complaint)
    kiosk.exchanges()
    for its in Complaint.objects.all():
        assert its.accused_id == OFFICE


def test_the_office_it_is_about_sees_nothing_of_it(kiosk: DeskKiosk) -> None:
    """Its officer, its supervisor, and even one who looks into other offices' complaints."""
    submitted = complains(kiosk)
    case = Case.complaints.get()
    new_officer("khamphaeng")
    boss = new_officer("boss")
    boss.is_supervisor = True
    boss.save()
    new_officer("hers", handles_complaints=True)
    for name in ("khamphaeng", "boss", "hers"):
        somebody = browser_of(officer(name))
        for address, allowed in (
            (reverse("casework:cases"), True),
            (reverse("casework:cases") + "?show=decided", True),
            (reverse("casework:cases") + f"?find={submitted.receipt.reference}", True),
            (reverse("casework:case", args=[case.application]), False),
            (reverse("casework:document", args=[case.application, 0]), False),
            (reverse("voice:complaint", args=[case.application]), False),
            (reverse("voice:document", args=[case.application, 0]), False),
            (reverse("voice:act", args=[case.application, "answer"]), False),
            (reverse("voice:act", args=[case.application, "assign"]), False),
            (reverse("voice:complaints"), name == "hers"),
        ):
            answer = somebody.get(address)
            assert (answer.status_code == 200) is allowed, (name, address)
            assert case.application not in text_of(answer).replace(address, "")
            assert TOLD not in text_of(answer)
        sought = reverse("casework:cases") + "?find="
        for reference in (submitted.receipt.reference, UNKNOWN):  # as if there were none
            said = text_of(somebody.get(sought + reference))
            assert f"No application with the reference {reference} is in your office." in said
        fields = {"seen": "1", "words": "x"}
        refused = somebody.post(reverse("voice:act", args=[case.application, "answer"]), fields)
        assert refused.status_code in (403, 404)
    assert not case.openings.exists()
    case.refresh_from_db()
    assert case.last_number == 1


def test_it_never_goes_to_the_office_it_is_about(kiosk: DeskKiosk) -> None:
    """Not by transfer either, although that office takes complaints itself."""
    new_officer("hers", handles_complaints=True)
    new_officer("souksan", NATION, handles_complaints=True)
    complains(kiosk)
    case = Case.complaints.get()
    assert [office.pk for office in other_desks(case)] == [NATION]
    refused = acts(vanna(), case, "transfer", to=OFFICE)
    assert "Choose an office." in text_of(refused)
    case.refresh_from_db()
    assert case.office_id == PROVINCE


def test_a_complaint_about_the_province_goes_to_the_nation(kiosk: DeskKiosk) -> None:
    new_officer("souksan", NATION, handles_complaints=True)
    assert kiosk.ledger is not None
    province = Office.objects.get(pk=PROVINCE)
    assert desk_for(province, province).pk == NATION


def test_where_nobody_else_is_a_person_is_told(kiosk: DeskKiosk) -> None:
    Office.objects.update(complaints_to=None)
    Office.objects.get(pk=PROVINCE).officers.update(handles_complaints=False)
    office = Office.objects.get(pk=OFFICE)
    with pytest.raises(NobodyElse):
        desk_for(office, office)
    complains(kiosk)
    assert SetAside.objects.count() == 1
    assert not Case.everything.exists()
    boss = new_officer("boss")
    boss.is_supervisor = True
    boss.save()
    shown = text_of(browser_of(boss).get(reverse("casework:set_aside")))
    assert SetAside.objects.get().application not in shown
    assert "NobodyElse" not in shown


def test_it_is_assigned_transferred_answered_and_keeps_its_reference(kiosk: DeskKiosk) -> None:
    souksan = new_officer("souksan", NATION, handles_complaints=True)
    submitted = complains(kiosk)
    case = Case.complaints.get()
    acts(vanna(), case, "assign", to=str(officer("vanna").pk))
    assert found(kiosk, submitted).progress is Progress.ASSIGNED
    case.refresh_from_db()
    acts(vanna(), case, "transfer", to=NATION)
    assert found(kiosk, submitted).progress is Progress.TRANSFERRED
    case.refresh_from_db()
    assert (case.office_id, case.taken_up_by) == (NATION, None)
    assert vanna().get(page(case)).status_code == 404
    his = browser_of(souksan)
    assert TOLD in text_of(his.get(page(case)))
    acts(his, case, "assign", to=str(souksan.pk))
    case.refresh_from_db()
    acts(his, case, "answer", words=REPLY_WORDS)
    case.refresh_from_db()
    finding = found(kiosk, submitted)
    assert finding.progress is Progress.ANSWERED
    assert finding.words == REPLY_WORDS
    assert finding.reference == submitted.receipt.reference == case.reference


def test_only_her_paper_reads_the_answer(kiosk: DeskKiosk) -> None:
    submitted = complains(kiosk)
    answered(kiosk, submitted)
    typed = kiosk.desk.find(submitted.receipt.reference)
    assert isinstance(typed, Found)
    assert (typed.words, typed.question) == (None, None)
    assert REPLY_WORDS.encode() not in b"".join(
        bytes(item.payload) for item in FeedItem.objects.all()
    )


@pytest.mark.parametrize("language", ["lo", "en"])
def test_the_pages_are_in_both_languages(kiosk: DeskKiosk, language: str) -> None:
    complains(kiosk)
    case = Case.complaints.get()
    shown = text_of(vanna(language).get(page(case)))
    assert TOLD in shown
    lao = "ຫ້ອງການທີ່ຖືກຮ້ອງທຸກບໍ່ເຫັນ"
    assert (lao in shown) is (language == "lo")
    listed = text_of(vanna(language).get(reverse("voice:complaints")))
    assert case.reference in listed
    assert ("ຖືກຂໍເງິນນອກຄ່າທຳນຽມ" in listed) is (language == "lo")


def test_showing_it_is_recorded(kiosk: DeskKiosk) -> None:
    complains(kiosk)
    case = Case.complaints.get()
    vanna().get(page(case))
    assert case.openings.get().officer == officer("vanna")


def test_pressing_twice_answers_once(kiosk: DeskKiosk) -> None:
    submitted = complains(kiosk)
    case = answered(kiosk, submitted)
    stale = case.last_number - 1
    address = reverse("voice:act", args=[case.application, "answer"])
    posts(vanna(), address, {"seen": str(stale), "words": REPLY_WORDS}, page(case))
    case.refresh_from_db()
    assert case.last_number == stale + 1


def test_she_is_asked_once_whether_she_is_satisfied(kiosk: DeskKiosk) -> None:
    submitted = complains(kiosk)
    answered(kiosk, submitted)
    finding = found(kiosk, submitted)
    assert finding.question is Question.ANSWER
    kiosk.desk.reply(finding, Verdict.SATISFIED)
    assert found(kiosk, submitted).question is None
    its = Complaint.objects.get()
    assert (its.verdict, its.reopened, its.on_time) == ("satisfied", 0, True)
    assert Case.complaints.get().status == Status.ANSWERED.value


def test_she_has_it_looked_at_again_with_a_new_promise(kiosk: DeskKiosk) -> None:
    submitted = complains(kiosk)
    case = answered(kiosk, submitted)
    kiosk.desk.reply(found(kiosk, submitted), Verdict.AGAIN)
    finding = found(kiosk, submitted)
    assert finding.progress is Progress.REOPENED
    assert finding.due is not None
    case.refresh_from_db()
    assert (case.status, case.complaint.reopened) == (Status.REOPENED.value, 1)
    acts(vanna(), case, "answer", words="ອີກຄັ້ງ.")
    again = found(kiosk, submitted)
    assert (again.words, again.question) == ("ອີກຄັ້ງ.", Question.ANSWER)


def test_nobody_without_her_paper_replies_for_her(kiosk: DeskKiosk) -> None:
    submitted = complains(kiosk)
    answered(kiosk, submitted)
    finding = found(kiosk, submitted)
    forged = Reply(finding.application, finding.number, Verdict.AGAIN, bytes(32))
    service = kiosk.desk.service(COMPLAINT)
    kiosk.desk._say(Kind.REPLY, service, forged.to_record())
    kiosk.exchanges()
    assert Case.complaints.get().status == Status.ANSWERED.value
    assert Complaint.objects.get().verdict == ""
    assert SetAside.objects.count() == 1


def test_without_her_name_no_name_stands_anywhere(kiosk: DeskKiosk) -> None:
    """She wrote her name, then chose to stay unknown: it is not even sealed."""
    entry = kiosk.desk.begin_complaint()
    fill(
        entry,
        ANSWERS[COMPLAINT] | {"what_happened": TOLD, "name_given": "yes", "complainant_name": NAME},
    )
    entry.answer(path_of("name_given"), "no")
    submitted = kiosk.desk.submit(entry)
    kiosk.exchanges()
    case = answered(kiosk, submitted)
    stored = StoredEnvelope.objects.get(pk=submitted.application)
    secret = submitted.receipt.claims.secret
    assert secret is not None
    envelope = Envelope(bytes(stored.header), bytes(stored.body), bytes(stored.sealed_secret))
    dictionary = kiosk.desk.service(COMPLAINT).bundle.dictionary
    assert NAME not in str(envelopes.open_answers(envelope, secret, dictionary))
    assert NAME not in text_of(vanna().get(page(case)))
    assert NAME not in submitted.receipt.slip().text


def test_what_was_said_stands_on_no_disk(kiosk: DeskKiosk, central: Path) -> None:
    submitted = complains(kiosk, complainant_name=NAME, name_given="yes")
    answered(kiosk, submitted)
    assert NAME in text_of(vanna().get(page(Case.complaints.get())))
    for folder in (central, kiosk.folder):
        for file in (path for path in folder.rglob("*") if path.is_file()):
            data = file.read_bytes()
            for words in (TOLD, NAME, REPLY_WORDS):
                assert words.encode() not in data, file
    assert TOLD not in submitted.receipt.slip().text


def test_an_older_kiosk_that_files_it_as_an_application_does_not_show_it_to_the_accused(
    kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.services.Service.is_complaint", property(lambda _self: False))
    complains(kiosk)
    assert StoredEnvelope.objects.get().kind == Kind.APPLICATION.value
    assert not Case.objects.exists()
    assert Case.complaints.get().office_id == PROVINCE


def test_a_kind_of_a_later_program_is_set_aside_and_nothing_waits_behind_it(
    central: Path,
) -> None:
    """As a complaint is by an older central: acknowledged, kept whole, a person is told."""
    assert central.is_dir()
    paper = PaperKiosk(CentralServer())
    strange = paper.files()
    header = cbor2.dumps(cbor2.loads(strange.header) | {4: len(Kind)}, canonical=True)
    secret = paper.secrets[0]
    paper.log[0] = Envelope(
        header, envelopes.seal_answers({}, header, secret), strange.sealed_secret
    )
    paper.files()
    outcomes = [word.outcome for word in paper.sends().acknowledgements]
    assert outcomes == [Outcome.UNREADABLE, Outcome.CREATED]
    assert SetAside.objects.get().application == strange.parsed.id
    assert bytes(SetAside.objects.get().header) == header


def test_a_status_of_a_later_central_does_not_stop_the_feed(kiosk: DeskKiosk) -> None:
    submitted = complains(kiosk)
    (event,) = kiosk.ledger.status_events(submitted.application)
    payload = cbor2.loads(event.to_bytes()) | {1: 2, 2: len(Status)}
    strange = cbor2.dumps(payload, canonical=True)
    feed.append(office_audience(OFFICE), ChangeKind.STATUS, strange)
    applied = kiosk.submits(RESIDENCE)
    kiosk.exchanges()
    assert kiosk.ledger.unread_count() == 1
    assert kiosk.ledger.status_events(applied.application)
    assert found(kiosk, submitted).progress is Progress.RECEIVED


def test_the_portal_says_where_a_complaint_stands_in_its_own_words(kiosk: DeskKiosk) -> None:
    submitted = complains(kiosk)
    address = reverse("portal:status")
    typed = {"reference": submitted.receipt.reference}
    assert "Your complaint has been received." in text_of(posts(vanna(), address, typed))
    answered(kiosk, submitted)
    shown = text_of(posts(vanna(), address, typed))
    assert "Your complaint is answered." in shown
    assert REPLY_WORDS not in shown


def decided(kiosk: DeskKiosk) -> Any:
    submitted = kiosk.submits(RESIDENCE)
    kiosk.exchanges()
    case = Case.objects.get()
    new_officer("khamphaeng")
    somebody = browser_of(officer("khamphaeng"))
    approved = {"step": "confirm", "words": "x", "legal_basis": LAW}
    for action, more in (("take-up", {}), ("approve", approved)):
        address = reverse("casework:act", args=[case.application, action])
        fields = {"seen": str(case.last_number), **more}
        posts(somebody, address, fields, reverse("casework:case", args=[case.application]))
        case.refresh_from_db()
    assert case.status == Status.APPROVED.value
    return submitted


def test_after_a_decision_she_is_asked_the_questions_of_the_un_once(kiosk: DeskKiosk) -> None:
    submitted = decided(kiosk)
    finding = found(kiosk, submitted)
    assert finding.question is Question.SERVICE
    entry = kiosk.desk.opinion(finding)
    assert entry is not None
    fill(entry, dict.fromkeys(ATTRIBUTES, "3") | {"timely": "dont-know", "overall": "4"})
    kiosk.desk.give_opinion(finding, entry)
    assert found(kiosk, submitted).question is None
    said = Feedback.objects.get()
    assert said.marks == {"accessible": 3, "affordable": 3, "fair": 3, "easy": 3, "overall": 4}
    assert (said.service, said.moment, said.channel) == (RESIDENCE, AFTER_DECISION, "kiosk")
    assert (said.office_id, said.language) == (OFFICE, "lo")


def test_a_typed_reference_asks_nothing(kiosk: DeskKiosk) -> None:
    submitted = decided(kiosk)
    kiosk.exchanges()
    typed = kiosk.desk.find(submitted.receipt.reference)
    assert isinstance(typed, Found)
    assert typed.question is None


def test_the_amount_asked_stands_beside_the_tariff(kiosk: DeskKiosk) -> None:
    complains(kiosk)
    case = Case.complaints.get()
    page = text_of(vanna().get(reverse("voice:complaint", args=[case.application])))
    assert "<dt>Amount asked</dt><dd>50,000 kip" in page
    assert "<dt>Official fee</dt><dd>Fee for the certificate: ask at the desk" in page


def say(count: int, mark: int, moment: str = AFTER_DECISION) -> None:
    office = Office.objects.get(pk=OFFICE)
    Feedback.objects.bulk_create(
        Feedback(
            office=office,
            service=RESIDENCE,
            channel="kiosk",
            language="lo",
            day="2026-11-23",
            moment=moment,
            marks={"overall": mark},
        )
        for _ in range(count)
    )


def test_fewer_than_ten_answers_are_not_shown(kiosk: DeskKiosk) -> None:
    assert kiosk.ledger is not None
    somebody = browser_of(new_officer("khamphaeng"))
    say(9, 4)
    shown = text_of(somebody.get(reverse("voice:opinions")))
    assert "fewer than 10 answers" in shown
    assert "100 %" not in shown
    say(3, 1)
    shown = text_of(somebody.get(reverse("voice:opinions")))
    assert "75 %" in shown
    assert "of 12 answers" in shown


def test_each_set_of_questions_names_whose_it_is(kiosk: DeskKiosk) -> None:
    assert kiosk.ledger is not None
    somebody = browser_of(new_officer("khamphaeng"))
    say(10, 4, AFTER_SERVICE)
    shown = text_of(somebody.get(reverse("voice:opinions")))
    assert "they are not the UN&#x27;s indicator" in shown
    assert "SDG" not in shown
    say(10, 4)
    shown = text_of(somebody.get(reverse("voice:opinions")))
    assert "The questions of the UN&#x27;s SDG indicator 16.6.2." in shown


def test_the_questions_about_a_service_are_no_service_on_the_portal(kiosk: DeskKiosk) -> None:
    assert kiosk.ledger is not None
    shown = text_of(vanna().get(reverse("portal:home")))
    assert "Complaint" in shown
    assert "What you think of the service" not in shown
