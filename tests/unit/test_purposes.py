"""What is collected for what: told before the first question, and consent can be refused."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from kiosk.forms import publish
from kiosk.forms.descriptor import ServiceDescriptor
from kiosk.forms.entry import Entry
from kiosk.forms.finding import Finding, Level
from kiosk.forms.purposes import Basis
from kiosk.language import in_language
from kiosk.notice import KEPT, OPTIONAL, READS, YOU_MAY_REFUSE, told
from tests.sample_answers import BUSINESS, COMPLAINT, EVERY_FOLDER
from tests.unit.test_sample_services import SHOP, TODAY, fill, sample
from tests.workbooks import EN, LO, SERVICES, Cells, folder_with, question, workbook

WORDS = {name: {"lo": "ຄຳ.", "en": "Words."} for name in ("collects", "why", "seen_by", "kept")}
BY_LAW = {"id": "certificate", "basis": "law", "legal": ["law-family-registration"], **WORDS}
AGREED = {"id": "call", "basis": "consent", "asked_by": "may_call", "questions": ["phone"], **WORDS}
MAY_CALL = question("select_one yes_no", "may_call", required="yes")
PHONE = question("text", "phone", relevant="${may_call} = 'yes'")
CHOICES = tuple({"list_name": "yes_no", "name": name, LO: name, EN: name} for name in ("yes", "no"))


def findings(
    tmp_path: Path,
    *purposes: Mapping[str, object],
    survey: tuple[Cells, ...] = (MAY_CALL, PHONE),
    choices: tuple[Cells, ...] = CHOICES,
    changed: Mapping[str, object] | None = None,
) -> list[Finding]:
    """What is found wrong about the purposes of a service."""
    folder = folder_with(tmp_path, workbook(survey, choices))
    file = folder / "descriptor.yaml"
    plain = yaml.safe_load(file.read_text("utf-8"))
    plain |= {"purposes": purposes, "evidence": [], **(changed or {})}
    file.write_text(json.dumps(plain), "utf-8")  # which is YAML too
    about = ("purposes", "required", "relevant", "type", "row")
    return [one for one in publish.check(folder) if (one.column or "row").startswith(about)]


def test_every_sample_says_what_it_collects() -> None:
    """That its consent can be refused is checked with the rest of the samples."""
    for folder in EVERY_FOLDER.values():
        plain = yaml.safe_load((SERVICES / folder / "descriptor.yaml").read_text("utf-8"))
        read = ServiceDescriptor.from_json(plain)
        assert read.purposes, folder
        assert read.review_by is not None, folder


@pytest.mark.parametrize("code", ["lo", "en"])
def test_what_a_law_asks_and_what_she_may_refuse_stand_apart(code: str) -> None:
    rows = {name: lines for _icon, name, lines in told(sample(COMPLAINT).descriptor, code)}
    assert len(rows[OPTIONAL]) == 3  # her name, her number, and that she may say no
    assert rows[OPTIONAL][-1] == in_language(code, YOU_MAY_REFUSE)
    assert len(rows[READS]) == len(rows[KEPT]) == 1  # said once where it is the same


def test_who_says_no_is_not_asked_and_goes_on() -> None:
    entry = Entry(sample(BUSINESS).definition, language="en", today=TODAY)
    assert "telephone" not in fill(entry, SHOP)
    assert entry.violations() == ()
    assert entry.record()["answers"]["may_call"] == "no"
    shown = {line.label: line.shown for line in entry.lines()}
    assert shown["May the office call you?"] == "No, do not call"


def test_who_takes_her_consent_back_takes_the_number_with_it() -> None:
    entry = Entry(sample(BUSINESS).definition, language="en", today=TODAY)
    fill(entry, SHOP | {"may_call": "yes", "telephone": "02055512345"})
    assert entry.record()["answers"]["telephone"] == "02055512345"
    entry.answer("/data/may_call", "no")
    assert "02055512345" not in str(entry.record())


def test_a_description_from_before_or_after_is_read() -> None:
    plain = yaml.safe_load((SERVICES / "complaint" / "descriptor.yaml").read_text("utf-8"))
    newer = plain["purposes"][0] | {"basis": "unheard-of", "unheard-of": 1}
    read = ServiceDescriptor.from_json(plain | {"purposes": [newer]})
    assert read.purposes[0].basis is Basis.LAW
    del plain["purposes"]
    assert ServiceDescriptor.from_json(plain).purposes == ()
    assert list(told(ServiceDescriptor.from_json(plain), "en")) == []


def test_good_purposes_are_not_complained_about(tmp_path: Path) -> None:
    assert findings(tmp_path, BY_LAW, AGREED) == []


@pytest.mark.parametrize(
    ("purpose", "survey", "sentence"),
    [
        (AGREED, (MAY_CALL, PHONE | {"required": "yes"}), "nobody may be made to answer"),
        (AGREED, (MAY_CALL, PHONE | {"required": "${may_call} = 'yes'"}), "made to answer"),
        (AGREED, (MAY_CALL, PHONE | {"relevant": ""}), "ask it only of who agreed"),
        (AGREED, (PHONE, MAY_CALL), "before anybody has agreed"),
        (AGREED | {"asked_by": "who"}, (MAY_CALL, PHONE), "no question named 'who'"),
        (AGREED | {"questions": ["tel"]}, (MAY_CALL, PHONE), "no question named 'tel'"),
        (AGREED | {"questions": []}, (MAY_CALL, PHONE), "Name what is asked of who agrees"),
        (AGREED | {"agrees": ["maybe"]}, (MAY_CALL, PHONE), "It must offer to agree (maybe)"),
        (AGREED | {"agrees": ["yes", "no"]}, (MAY_CALL, PHONE), "and not to"),
        (BY_LAW | {"legal": []}, (MAY_CALL, PHONE), "Name the law"),
        (BY_LAW | {"legal": ["x"]}, (MAY_CALL, PHONE), "no law 'x'"),
        (BY_LAW | {"basis": "habit"}, (MAY_CALL, PHONE), "no basis 'habit'"),
        (BY_LAW | {"keept": "x"}, (MAY_CALL, PHONE), "Is 'kept' meant?"),
    ],
)
def test_consent_that_cannot_be_refused_is_an_error(
    tmp_path: Path, purpose: Mapping[str, object], survey: tuple[Cells, ...], sentence: str
) -> None:
    found = findings(tmp_path, purpose, survey=survey)
    assert any(sentence in str(one) for one in found), found
    assert all(one.level is Level.ERROR for one in found)


def test_what_an_office_signs_must_say_it_and_a_sample_should(tmp_path: Path) -> None:
    (sample_says,) = findings(tmp_path / "sample")
    checked = {"checked_by": "Office", "checked_on": "2026-11-01"}
    (office_says,) = findings(tmp_path / "signed", changed={"sample": False, **checked})
    assert (sample_says.level, office_says.level) == (Level.WARNING, Level.ERROR)
    (twice,) = findings(tmp_path / "twice", BY_LAW, BY_LAW)[-1:]
    assert "same id" in str(twice)
