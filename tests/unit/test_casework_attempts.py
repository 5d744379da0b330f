"""Tries are limited for a while, by place, and nobody can read afterwards who tried."""

from datetime import timedelta
from pathlib import Path

from django.test import RequestFactory, override_settings

from sync.central.casework.attempts import LOOK_UP, PASSWORD, forgive, place_of, try_once
from sync.central.casework.models import Attempt
from tests.officers import NOW

SOMEBODY = "192.0.2.7"


def test_a_limit_ends_by_itself(central: Path) -> None:
    assert central.is_dir()
    tries = [try_once(PASSWORD, SOMEBODY, NOW) for _ in range(PASSWORD.tries_max + 1)]
    assert tries == [True] * PASSWORD.tries_max + [False]
    later = NOW + timedelta(minutes=PASSWORD.minutes, seconds=1)
    assert try_once(PASSWORD, SOMEBODY, later)


def test_limits_do_not_touch_each_other(central: Path) -> None:
    assert central.is_dir()
    for _ in range(PASSWORD.tries_max):
        try_once(PASSWORD, SOMEBODY, NOW)
    assert try_once(PASSWORD, "192.0.2.8", NOW)
    assert try_once(LOOK_UP, SOMEBODY, NOW)


def test_who_has_shown_who_she_is_begins_anew(central: Path) -> None:
    assert central.is_dir()
    for _ in range(PASSWORD.tries_max):
        try_once(PASSWORD, SOMEBODY, NOW)
    forgive(PASSWORD, SOMEBODY)
    assert try_once(PASSWORD, SOMEBODY, NOW)


def test_addresses_are_not_kept_and_old_tries_go(central: Path) -> None:
    assert central.is_dir()
    try_once(LOOK_UP, SOMEBODY, NOW)
    (kept,) = Attempt.objects.values_list("who", flat=True)
    assert SOMEBODY not in kept
    try_once(LOOK_UP, "192.0.2.8", NOW + timedelta(minutes=LOOK_UP.minutes, seconds=1))
    assert Attempt.objects.count() == 1


def test_behind_a_proxy_the_caller_is_who_the_proxy_saw() -> None:
    claimed = "203.0.113.9, 198.51.100.4"
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=claimed)
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert place_of(request) == "198.51.100.4"
    with override_settings(SECURE_PROXY_SSL_HEADER=None):
        assert place_of(request) == "127.0.0.1"
