"""What was set aside is released by two people: through the pages, in one piece, and once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.http.response import HttpResponseBase
from django.utils import timezone

from sync import envelope as envelopes
from sync.central.casework import releases
from sync.central.casework.decisions import find_correction
from sync.central.casework.models import Case, Officer, Release, ReleaseAct
from sync.central.casework.releases import Deed
from sync.central.casework.sealed import record_of
from sync.central.intake import lives, log_audit
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device, SetAside
from sync.central.keys import central_keys
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.records import Kind, Outcome, Status
from tests.officers import browser_of, new_officer, posts, text_of
from tests.paper_kiosk import PaperKiosk, new_code
from tests.sample_service import OFFICE, SERVICE, VERSION
from tests.stand_ins import kiosk as kiosks
from tests.together import at_once

SMALLEST = {"service": SERVICE, "service_version": VERSION}
WHY = "ຫ້ອງການໄດ້ກວດກັບໃບຮັບແລ້ວ."
LIST = "/office/set-aside"


def supervisor(name: str, office: str = OFFICE) -> Officer:
    officer = new_officer(name, office)
    Officer.objects.filter(pk=officer.pk).update(is_supervisor=True)
    return Officer.objects.get(pk=officer.pk)


@pytest.fixture
def kham(central: Path) -> Officer:
    assert central.is_dir()
    return supervisor("kham")


@pytest.fixture
def dao(kham: Officer) -> Officer:
    assert kham.pk
    return supervisor("dao")


@pytest.fixture
def ledger(kham: Officer, tmp_path: Path) -> Iterator[Ledger]:
    assert kham.pk
    opened = kiosks.enrolled(tmp_path, CentralServer(), new_code())
    yield opened
    opened.close()


@pytest.fixture
def paper(kham: Officer) -> PaperKiosk:
    assert kham.pk
    return PaperKiosk(CentralServer())


def page_of(row: SetAside) -> str:
    return f"{LIST}/{row.pk}"


def proposes(officer: Officer, row: SetAside, deed: Deed = Deed.FILE) -> HttpResponseBase:
    fields = {"step": "propose", "deed": deed.value, "why": WHY}
    return posts(browser_of(officer), page_of(row), fields)


def says(officer: Officer, row: SetAside, step: str, release: int | None = None) -> str:
    """What the page tells her that she comes to."""
    seen = release or Release.objects.filter(set_aside=row).latest("pk").pk
    browser = browser_of(officer)
    answer = posts(browser, page_of(row), {"step": step, "release": str(seen)}, LIST)
    return text_of(browser.get(answer.headers["Location"]))


def released(row: SetAside, first: Officer, second: Officer, deed: Deed = Deed.FILE) -> None:
    assert proposes(first, row, deed).status_code == 302
    said = says(second, row, "confirm")
    assert ("It is an application now." if deed is Deed.FILE else "It is closed") in said


def strange_office(ledger: Ledger, evidence: tuple[bytes, ...] = ()) -> SetAside:
    """An application that names an office which central does not know."""
    kiosks.submit(ledger, office="la-nowhere", evidence=evidence, **SMALLEST)
    sync_once(ledger, CentralServer())
    return SetAside.objects.get()


def test_two_people_make_an_application_of_it_and_the_kiosk_hears(
    ledger: Ledger, kham: Officer, dao: Officer
) -> None:
    row = strange_office(ledger, (b"a photo",))
    assert ledger.numbers().set_aside == 1
    assert proposes(kham, row).status_code == 302
    assert not Case.objects.exists()
    assert "Waits for a second person" in text_of(browser_of(dao).get(LIST))
    assert "It is an application now." in says(dao, row, "confirm")
    case = Case.objects.get()
    assert (case.application, case.office_id, case.status) == (row.application, OFFICE, "received")
    assert not SetAside.objects.exists()
    sync_once(ledger, CentralServer())
    (event,) = ledger.status_events(row.application)  # type: ignore[arg-type]
    assert event.status is Status.RECEIVED
    assert (ledger.numbers().set_aside, ledger.numbers().documents) == (0, 0)  # the photo followed
    assert list(log_audit.flaws()) == []


def test_both_names_stand_in_a_record_that_shows_a_changed_letter(
    ledger: Ledger, kham: Officer, dao: Officer
) -> None:
    row = strange_office(ledger)
    released(row, kham, dao)
    kham.user.first_name = "Another name"
    kham.user.save()
    acts = ReleaseAct.objects.order_by("number").values_list("kind", "name")
    assert list(acts) == [("proposed", "ນາງ kham"), ("confirmed", "ນາງ dao")]
    shown = text_of(browser_of(dao).get(f"{LIST}?show=released"))
    assert f"/office/cases/{row.application}/" in shown
    assert WHY in shown
    case = text_of(browser_of(dao).get(f"/office/cases/{row.application}/"))
    assert "Another name · ນາງ dao" in case
    assert releases.first_broken() is None
    Release.objects.update(why="Something else")
    assert releases.first_broken() == 1
    assert "entry 1 is not what was written" in text_of(browser_of(dao).get(LIST))


def test_one_person_never_does_both(ledger: Ledger, kham: Officer, dao: Officer) -> None:
    row = strange_office(ledger)
    proposes(kham, row)
    assert ">Yes, make an application of it<" not in text_of(browser_of(kham).get(page_of(row)))
    assert ">Yes, make an application of it<" in text_of(browser_of(dao).get(page_of(row)))
    kham.user.username, kham.user.first_name = "renamed", "ນາງ ໃໝ່"
    kham.user.save()
    assert "You proposed it yourself" in says(kham, row, "confirm")
    assert not Case.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():  # whatever a program tries
        Release.objects.update(confirmed_by=kham, ended_at=timezone.now())


def test_a_double_click_proposes_once_and_confirms_once(
    ledger: Ledger, kham: Officer, dao: Officer
) -> None:
    row = strange_office(ledger)
    proposes(kham, row)
    proposes(kham, row)
    proposes(dao, row, Deed.CLOSE)
    release = Release.objects.get()
    says(dao, row, "confirm")
    gone = browser_of(dao).post(page_of(row), {})
    assert gone.status_code in {403, 404}
    assert Case.objects.count() == 1
    assert release.acts.count() == 2


def test_either_withdraws_and_then_there_is_nothing_to_confirm(
    ledger: Ledger, kham: Officer, dao: Officer
) -> None:
    row = strange_office(ledger)
    for officer in (kham, dao):
        proposes(kham, row)
        assert "Withdrawn." in says(officer, row, "withdraw")
    first = Release.objects.earliest("pk").pk
    assert "has changed in the meantime" in says(dao, row, "confirm", first)
    assert (Case.objects.count(), SetAside.objects.count()) == (0, 1)
    proposes(dao, row)  # and a later proposal is another one: who saw the old confirms nothing
    assert "has changed in the meantime" in says(supervisor("noy"), row, "confirm", first)
    assert not Case.objects.exists()


def test_what_is_closed_is_told_at_home_kept_and_may_still_be_released(
    ledger: Ledger, kham: Officer, dao: Officer
) -> None:
    row = strange_office(ledger, (b"a photo",))
    released(row, kham, dao, Deed.CLOSE)
    assert "Nothing is set aside." in text_of(browser_of(dao).get(LIST))
    assert page_of(row) in text_of(browser_of(dao).get(f"{LIST}?show=closed"))
    assert sync_once(ledger, CentralServer()).evidence_left == 0  # no document is sent in vain
    (event,) = ledger.status_events(row.application)  # type: ignore[arg-type]
    assert event.status is Status.SET_ASIDE
    assert ledger.numbers().set_aside == 0
    assert bytes(SetAside.objects.get().body)
    released(row, dao, kham)
    sync_once(ledger, CentralServer())
    (event,) = ledger.status_events(row.application)  # type: ignore[arg-type]
    assert event.status is Status.RECEIVED
    assert ledger.numbers().documents == 0


def test_the_conflicting_version_may_be_the_one_that_counts(
    paper: PaperKiosk, kham: Officer, dao: Officer
) -> None:
    secret = envelopes.new_secret()
    first = paper.files({"data": {"name": "first"}}, secret=secret)
    other = paper.files({"data": {"name": "second"}}, secret=secret)
    assert [word.outcome for word in paper.sends().acknowledgements] == [
        Outcome.CREATED,
        Outcome.CONFLICT,
    ]
    case = Case.objects.get()
    assert record_of(case)["data"]["name"] == "first"
    row = SetAside.objects.get()
    released(row, kham, dao)
    case.refresh_from_db()
    assert record_of(case)["data"]["name"] == "second"
    assert (case.reference, case.last_number) == (other.parsed.reference, 2)
    assert SetAside.objects.get().chain_hash == first.chain_hash  # the first is kept, and closed
    words = [word.outcome for word in paper.sends().acknowledgements]
    assert words == [Outcome.EXISTS, Outcome.EXISTS]
    assert list(log_audit.flaws()) == []
    page = text_of(browser_of(dao).get(f"/office/cases/{case.application}/"))
    assert "Another version of it counts from here on" in page


def test_what_is_decided_is_not_exchanged(paper: PaperKiosk, kham: Officer) -> None:
    secret = envelopes.new_secret()
    paper.files(secret=secret)
    paper.files(secret=secret)
    paper.sends()
    Case.objects.update(status="approved")
    page = text_of(browser_of(kham).get(page_of(SetAside.objects.get())))
    assert "is decided or corrected already" in page
    assert 'value="file"' not in page
    assert 'value="close"' in page


def test_what_nobody_can_read_is_closed_only_until_it_can_be(
    paper: PaperKiosk, kham: Officer, dao: Officer
) -> None:
    paper.append(replace(paper.files(), header=b"\xff"))
    paper.log.pop(0)
    paper.sends()
    row = SetAside.objects.get()
    page = text_of(browser_of(kham).get(page_of(row)))
    assert "No application can be made of it now: It cannot be read." in page
    assert proposes(kham, row).status_code == 200  # said on the form
    assert not Release.objects.exists()
    released(row, kham, dao, Deed.CLOSE)
    assert paper.sends().acknowledgements[0].outcome is Outcome.UNREADABLE


def test_one_that_stands_in_the_wrong_place_is_filed_and_the_log_counts_as_whole(
    paper: PaperKiosk, kham: Officer, dao: Officer
) -> None:
    paper.files()
    paper.files(previous=bytes(range(32)))
    paper.files()
    paper.sends()
    released(SetAside.objects.get(), kham, dao)
    assert Case.objects.count() == 3
    assert list(log_audit.flaws()) == []


def test_all_that_a_copied_disk_had_sent_is_filed_together(
    paper: PaperKiosk, kham: Officer, dao: Officer
) -> None:
    paper.files()
    paper.sends()
    branch = PaperKiosk(paper.server)
    branch.id, branch.key, branch.log = paper.id, paper.key, list(paper.log)
    paper.files()
    paper.sends()
    for _ in range(2):
        branch.files()
    branch.sends(branch.batch(after=1))
    row = SetAside.objects.earliest("sequence")
    assert "A copied or restored disk sent it" in text_of(browser_of(kham).get(page_of(row)))
    released(row, kham, dao)
    assert Case.objects.count() == 4
    assert not SetAside.objects.exists()


def test_who_handed_in_again_meanwhile_is_seen_and_her_correction_counts(
    paper: PaperKiosk, kham: Officer, dao: Officer
) -> None:
    old, secret = paper.files(office="la-nowhere"), envelopes.new_secret()
    proof = envelopes.replacing_proof(paper.secrets[0], envelopes.application_id(secret))
    new = paper.files(secret=secret, replaces=old.parsed.id, proof=proof)
    paper.sends()
    assert Case.objects.get().replaces == old.parsed.id  # her receipt's secret proves it
    row = SetAside.objects.get()
    page = text_of(browser_of(kham).get(page_of(row)))
    assert "has handed in again" in page
    assert new.parsed.reference in page
    released(row, kham, dao)
    case = Case.objects.get(application=old.parsed.id)
    assert find_correction(case) == Case.objects.get(application=new.parsed.id)


def test_a_number_that_is_another_one_s_proves_nothing_though_it_was_set_aside(
    paper: PaperKiosk,
) -> None:
    """Somebody puts an envelope under a stranger's number, with a secret of her own."""
    strangers = envelopes.application_id(envelopes.new_secret())
    paper.files(id=strangers)
    secret = envelopes.new_secret()
    proof = envelopes.replacing_proof(paper.secrets[0], envelopes.application_id(secret))
    paper.files(secret=secret, replaces=strangers, proof=proof)
    paper.sends()
    assert SetAside.objects.get().application == strangers
    assert (Case.objects.get().replaces, Case.objects.get().claims) == ("", strangers)


def test_who_is_not_concerned_sees_and_does_nothing(ledger: Ledger, kham: Officer) -> None:
    row = strange_office(ledger)
    proposes(kham, row)
    clerk = new_officer("clerk")
    stranger = supervisor("stranger", "la-lpb-nambak")
    inspector = new_officer("inspector", "la-complaints", handles_complaints=True)
    fields = {"step": "confirm", "release": str(Release.objects.get().pk)}
    for officer, status in ((clerk, 403), (stranger, 404)):
        assert browser_of(officer).get(page_of(row)).status_code == status
        with_token = browser_of(officer)
        with_token.handler.enforce_csrf_checks = False
        assert with_token.post(page_of(row), fields).status_code == status
    assert not Case.objects.exists()
    assert "It is an application now." in says(inspector, row, "confirm")  # from above


def test_a_complaint_is_released_from_above_only(paper: PaperKiosk, kham: Officer) -> None:
    paper.files(kind=Kind.COMPLAINT, office="la-nowhere")
    paper.sends()
    row = SetAside.objects.get()
    inspector = new_officer("inspector", "la-complaints", handles_complaints=True)
    boss = supervisor("boss", "la-complaints")
    assert page_of(row) in text_of(browser_of(inspector).get(LIST))
    for officer in (kham, boss):
        assert page_of(row) not in text_of(browser_of(officer).get(LIST))
        assert browser_of(officer).get(page_of(row)).status_code == 403


def test_the_pages_speak_lao_and_run_no_foreign_script(ledger: Ledger, kham: Officer) -> None:
    row = strange_office(ledger)
    answer = browser_of(kham, "lo").get(page_of(row))
    assert "ຈະເຮັດແນວໃດກັບລາຍການນີ້?" in text_of(answer)
    assert "default-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "<script" not in text_of(answer)


def test_two_at_once_release_it_once(ledger: Ledger, kham: Officer, dao: Officer) -> None:
    """Confirmed, confirmed by a third, and withdrawn in the same moment: one of them happens."""
    row = strange_office(ledger)
    noy = supervisor("noy")
    for _ in range(3):
        number = releases.propose(row, kham, Deed.CLOSE, WHY, timezone.now()).pk
        deeds = [ending(releases.confirm, number, officer) for officer in (dao, noy)]
        assert happened(*deeds, ending(releases.withdraw, number, kham)) == 1
        assert Release.objects.get(pk=number).acts.count() == 2
        SetAside.objects.update(closed_at=None)
    proposing = [lambda: releases.propose(row, kham, Deed.FILE, WHY, timezone.now())] * 2
    assert happened(*proposing) == 1
    assert Release.objects.filter(ended_at=None).count() == 1
    assert releases.first_broken() is None


def ending(how: Callable[..., None], number: int, officer: Officer) -> Callable[[], object]:
    return lambda: how(Release.objects.get(pk=number), officer, timezone.now())


def happened(*deeds: Callable[[], object]) -> int:
    """How many of them did; the others were told that they came too late."""
    became = at_once(*deeds)
    late = [one for one in became if isinstance(one, releases.NotNow)]
    assert not [one for one in became if isinstance(one, Exception) and one not in late]
    return len(became) - len(late)


def test_a_proposal_ends_where_the_kiosk_files_it_itself(
    paper: PaperKiosk, kham: Officer, dao: Officer
) -> None:
    """Its disk lived twice, and got a life of its own before the second person came."""
    paper.files()
    paper.sends()
    branch = PaperKiosk(paper.server)
    branch.id, branch.key, branch.log = paper.id, paper.key, list(paper.log)
    paper.files()
    paper.sends()
    branch.files()
    branch.sends(branch.batch(after=1))
    release = releases.propose(SetAside.objects.get(), kham, Deed.CLOSE, WHY, timezone.now())
    lives.file_branches(Device.objects.get(pk=paper.id), central_keys(), timezone.now())
    with pytest.raises(releases.NotNow):
        releases.confirm(Release.objects.get(pk=release.pk), dao, timezone.now())
    assert ReleaseAct.objects.count() == 1
