"""Who is signed in changes her own password on the web."""

from pathlib import Path

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from sync.central.accounts import Account, save_officer, save_publisher
from sync.central.casework.attempts import PASSWORD
from tests.officers import browser, posts, text_of
from tests.sample_service import OFFICE

PAGE = "/office/password"
OLD, NEW = "a long enough word 7", "another long word 8"


def signed_in(language: str = "en") -> Client:
    hers = browser(language)
    posts(hers, "/office/sign-in", {"username": "noy", "password": OLD})
    return hers


@pytest.fixture
def officer(central: Path) -> Client:
    assert central.is_dir()
    save_officer(Account("noy", "ນາງ ນ້ອຍ", OFFICE), OLD)
    return signed_in()


def changes(
    hers: Client, old: str = OLD, new: str = NEW, again: str | None = None
) -> HttpResponseBase:
    again = new if again is None else again
    fields = {"old_password": old, "new_password1": new, "new_password2": again}
    return posts(hers, PAGE, fields)


def test_a_new_password_counts_and_other_browsers_are_out(officer: Client) -> None:
    elsewhere = signed_in()
    answer = changes(officer)
    assert answer.headers["Location"] == "/office/"
    assert "Your new password counts from now on." in text_of(officer.get("/office/"))
    assert elsewhere.get("/office/").status_code == 302
    assert not browser().login(username="noy", password=OLD)
    assert browser().login(username="noy", password=NEW)


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("guess", NEW, NEW, "This is not your present password."),
        (OLD, NEW, "something else 9", "The two new passwords are not the same."),
        (OLD, "short 1", "short 1", "The new password is too short"),
        (OLD, "password123", "password123", "The new password is easy to guess."),
        (OLD, "", "", "Fill in this field."),
        (OLD, "x" * 201, "x" * 201, "A password has at most 200 letters."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    officer: Client, old: str, new: str, again: str, said: str
) -> None:
    answer = changes(officer, old, new, again)
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert browser().login(username="noy", password=OLD)


def test_guessing_the_present_password_is_stopped(officer: Client) -> None:
    for _ in range(PASSWORD.tries_max):
        changes(officer, "guess")
    answer = changes(officer)
    assert answer.status_code == 429
    assert "Wait 15 minutes" in text_of(answer)


def test_a_publisher_changes_hers_in_the_frame_of_the_catalogue(central: Path) -> None:
    assert central.is_dir()
    save_publisher("noy", "ນາງ ນ້ອຍ", OLD)
    hers = signed_in("lo")
    assert "ປ່ຽນລະຫັດຜ່ານ" in text_of(hers.get(PAGE))
    assert changes(hers).headers["Location"] == "/office/catalogue/"


def test_nobody_comes_to_it_without_signing_in(central: Path) -> None:
    assert central.is_dir()
    assert browser().get(PAGE).headers["Location"].startswith("/office/sign-in")
