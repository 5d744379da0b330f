"""An operator's commands do what they say, and name a mistake in a sentence."""

import time
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import override_settings

from sync import carried
from sync.central import commands
from sync.central.arguments import parser
from sync.central.casework.models import Office, Officer
from sync.central.intake import offices
from sync.central.intake.exchange import CentralServer
from sync.errors import Refused
from sync.records import ChangeKind, KeyNote
from tests.officers import browser
from tests.paper_kiosk import PaperKiosk
from tests.sample_service import OFFICE

KEY = ChangeKind.DEVICE_KEY


class Operator:
    """Types commands at the central of this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def types(self, *words: str) -> str:
        """What a command printed, when it went well."""
        assert commands.run(parser().parse_args(words)) == 0
        return self._capsys.readouterr().out

    def is_warned(self, *words: str) -> str:
        """What a command that went well said besides."""
        assert commands.run(parser().parse_args(words)) == 0
        return self._capsys.readouterr().err

    def fails(self, *words: str) -> str:
        """What a command said was wrong."""
        assert commands.run(parser().parse_args(words)) == 1
        said = self._capsys.readouterr()
        assert said.out == ""
        return said.err


@pytest.fixture
def operator(central: Path, capsys: pytest.CaptureFixture[str]) -> Operator:
    assert central.is_dir()
    return Operator(capsys)


def test_a_kiosk_is_put_into_a_ring(operator: Operator) -> None:
    PaperKiosk(CentralServer())
    said = operator.types("kiosk", "ring", "first", "1")
    assert said == "Kiosk 1 (Test kiosk) is in the ring first.\n"
    assert "ring first" in operator.types("kiosk", "list")
    assert "There is no kiosk 7." in operator.fails("kiosk", "ring", "all", "7")


def test_a_publisher_gets_an_account_with_the_right_to_publish(operator: Operator) -> None:
    said = operator.types("publisher", "add", "vilay", "--name", "ທ້າວ ວິໄລ")
    assert "Password: " in said
    user = User.objects.get(username="vilay")
    assert user.has_perm("catalogue.publish_service")
    assert not Officer.objects.filter(user=user).exists()


def test_an_analyst_gets_an_account_that_sees_the_nation_s_figures(operator: Operator) -> None:
    assert "Password: " in operator.types("analyst", "add", "visay", "--name", "ນາງ ວິໄຊ")
    user = User.objects.get(username="visay")
    assert user.get_all_permissions() == {"insight.see_nation"}
    assert not Officer.objects.filter(user=user).exists()


def test_an_ended_account_is_out_at_once_and_may_be_opened_again(operator: Operator) -> None:
    operator.types("officer", "add", "noy", "--name", "ນາງ ນ້ອຍ", "--office", OFFICE)
    hers = browser()
    hers.force_login(User.objects.get(username="noy"))
    assert hers.get("/office/").status_code == 200
    assert "is ended" in operator.types("officer", "end", "noy")
    assert hers.get("/office/").status_code == 302
    assert "no such account" in operator.fails("officer", "end", "nobody")
    again = operator.types("officer", "add", "noy", "--name", "ນາງ ນ້ອຍ", "--office", OFFICE)
    password = again.rpartition("Password: ")[2].strip()
    assert browser().login(username="noy", password=password)


def test_a_publisher_s_account_ends_and_what_she_did_keeps_her_name(operator: Operator) -> None:
    operator.types("publisher", "add", "vilay", "--name", "ທ້າວ ວິໄລ")
    assert "no such account" in operator.fails("officer", "end", "vilay")
    operator.types("publisher", "end", "vilay")
    user = User.objects.get(username="vilay")
    assert not user.has_perm("catalogue.publish_service")
    assert user.get_full_name() == "ທ້າວ ວິໄລ"


def test_after_a_restored_copy_kiosks_read_all_news_from_the_start(operator: Operator) -> None:
    kiosk = PaperKiosk(CentralServer())
    first = kiosk.sends()
    cursor = {change.audience: change.position for change in first.changes}
    read_already = kiosk.batch(epoch=first.epoch, cursor=cursor)
    assert kiosk.sends(read_already).changes == ()
    operator.types("restored")
    assert kiosk.sends(read_already).changes == first.changes


def test_a_kiosk_is_listed_blocked_and_let_in_again(operator: Operator) -> None:
    kiosk = PaperKiosk(CentralServer())
    kiosk.files()
    kiosk.sends()
    assert "Test kiosk  la-vte-xaythany  ring all  log to 1" in operator.types("kiosk", "list")
    operator.types("kiosk", "block", "1")
    assert "BLOCKED" in operator.types("kiosk", "list")
    with pytest.raises(Refused):
        kiosk.sends()
    operator.types("kiosk", "block", "1", "--undo")
    assert "BLOCKED" not in operator.types("kiosk", "list")
    assert kiosk.sends().through == 1


def test_the_other_kiosks_learn_since_when_one_is_blocked_and_that_it_is_let_in_again(
    operator: Operator,
) -> None:
    server = CentralServer()
    stolen, other = PaperKiosk(server), PaperKiosk(server)
    began_s = int(time.time())
    operator.types("kiosk", "block", str(stolen.enrolment.kiosk_number))
    operator.types("kiosk", "block", str(stolen.enrolment.kiosk_number), "--undo")
    told = [KeyNote.from_bytes(one.payload) for one in other.sends().changes if one.kind is KEY]
    _enrolled, blocked, let_in = (note for note in told if note.id.hex() == stolen.id)
    assert blocked.until_s is not None
    assert began_s <= blocked.until_s <= time.time()
    assert let_in.until_s is None
    assert blocked.key == let_in.key == bytes(stolen.key.verify_key)


def test_what_waits_for_a_person_is_listed_with_its_reason(operator: Operator) -> None:
    assert operator.types("set-aside") == "Set aside: 0.\n"
    kiosk = PaperKiosk(CentralServer())
    kiosk.files(office="nowhere")
    kiosk.sends()
    said = operator.types("set-aside")
    assert "kiosk 1 (Test kiosk), place 1" in said
    why = "It is addressed to an office that is not known here."
    assert f"{why} It is addressed to the office nowhere.\nSet aside: 1." in said


def test_a_stick_is_taken_in_and_answered(operator: Operator, tmp_path: Path) -> None:
    kiosk = PaperKiosk(CentralServer())
    kiosk.files()
    batch = kiosk.batch()
    place = carried.folder(tmp_path, carried.UP, batch.device)
    message = batch.signed(kiosk.key)
    carried.write(place, carried.batch_name(0, message), message)
    carried.write(place, carried.piece_name(bytes(32), 0), b"not whole")
    said = operator.types("stick", str(tmp_path))
    assert ": batches 1, pieces of documents 0, refused 1." in said
    assert len(list(carried.folder(tmp_path, carried.DOWN, batch.device).iterdir())) == 1


def test_a_stick_without_a_kiosks_files_is_named(operator: Operator, tmp_path: Path) -> None:
    assert "kiosk sync --stick" in operator.fails("stick", str(tmp_path))
    assert "There is no folder" in operator.fails("stick", str(tmp_path / "none"))


def test_a_kiosk_that_is_not_there_is_named(operator: Operator) -> None:
    assert operator.fails("kiosk", "block", "7") == "There is no kiosk 7.\n"


def test_a_code_for_an_unknown_office_names_the_known_ones(operator: Operator) -> None:
    words = ("--office", "nowhere", "--kiosk-name", "K")
    said = operator.fails("enrolment-code", *words)
    assert said.startswith("There is no office nowhere. Known: la-complaints, ")
    assert ", la-vte-xaythany, " in said


def test_a_code_warns_while_receipts_would_point_nowhere(operator: Operator) -> None:
    words = ("enrolment-code", "--office", OFFICE, "--kiosk-name", "K")
    assert "CENTRAL_PUBLIC_URL" in operator.is_warned(*words)
    with override_settings(PUBLIC_URL="https://one-door.example"):
        assert operator.is_warned(*words) == ""
        offices.announce_all()  # as `serve` does; an operator's own shell need not know it
    assert operator.is_warned(*words) == ""


def test_an_office_and_its_officer_are_added(operator: Operator) -> None:
    operator.types("office", "add", "la-xk-khoun", "--name-lo", "ເມືອງຄູນ")
    said = operator.types("officer", "add", "bounmy", "--name", "ບຸນມີ", "--office", "la-xk-khoun")
    officer = Officer.objects.get()
    assert (officer.office.name_lo, officer.is_supervisor) == ("ເມືອງຄູນ", False)
    assert officer.user.check_password(said.split()[-1])


def test_offices_are_loaded_from_a_file(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "offices.yaml"
    file.write_text(
        f"offices: [{{id: {OFFICE}, name: {{lo: ໃໝ່}}}}]\nholidays: [{{date: 2027-01-01}}]\n"
    )
    operator.types("office", "load", str(file))
    office = Office.objects.get(pk=OFFICE)
    assert (office.name_lo, office.holidays) == ("ໃໝ່", ["2027-01-01"])


def test_a_bad_file_of_offices_is_named(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "offices.yaml"
    file.write_text("offices: [{id: a}]")
    assert "cannot be read as offices" in operator.fails("office", "load", str(file))


def test_a_folder_that_is_no_service_is_not_published(operator: Operator, tmp_path: Path) -> None:
    assert operator.fails("publish", str(tmp_path)).strip()


def test_kiosks_can_be_asked_to_stay_away(operator: Operator, central: Path) -> None:
    operator.types("shed", "30")
    assert (central / "shed").read_text() == "30"
    operator.types("shed", "0")
    assert not (central / "shed").exists()
