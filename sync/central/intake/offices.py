"""Offices as the kiosks know them: name, hours, holidays and central's address, told in the feed.

Both ends count working days with the same holidays, so a change here reaches every kiosk of the
office before it promises another day. A command that runs where nobody has set central's address
leaves the one that was told before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from sync.central.casework.models import Office
from sync.central.intake import feed
from sync.central.intake.models import FeedItem
from sync.central.public_address import public_url
from sync.records import ChangeKind, OfficeNote, office_audience
from sync.sentence import Sentence


class BadOfficeFile(Exception):
    """A file of offices lacks something."""


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What an operator says of an office."""

    id: str
    name_lo: str
    name_en: str = ""
    district: str = ""
    role: str = "district"
    hours: str = ""
    phone: str = ""
    holidays: tuple[date, ...] = ()
    complaints_to: str = ""  # the office that looks into complaints about this one
    sample: bool = False  # nobody has confirmed it


@transaction.atomic
def save(facts: OfficeFacts) -> Office:
    """Add an office or change it, and tell its kiosks."""
    office, _is_new = Office.objects.update_or_create(
        pk=facts.id,
        defaults={
            "name_lo": facts.name_lo,
            "name_en": facts.name_en,
            "district": facts.district,
            "role": facts.role,
            "hours": facts.hours,
            "phone": facts.phone,
            "holidays": [day.isoformat() for day in facts.holidays],
            "sample": facts.sample,
        },
    )
    announce(office)
    return office


@transaction.atomic
def route_complaints(all_facts: Iterable[OfficeFacts]) -> None:
    """Write down which office looks into complaints about which, when all are known.

    Raises:
        BadOfficeFile: an office would look into complaints about itself, or is not known.
    """
    for facts in all_facts:
        if not facts.complaints_to:
            continue
        if facts.complaints_to == facts.id:
            raise BadOfficeFile(
                Sentence(
                    "The office %(office)s cannot look into complaints about itself.",
                    office=facts.id,
                )
            )
        if not Office.objects.filter(pk=facts.complaints_to).exists():
            raise BadOfficeFile(
                Sentence(
                    "There is no office %(office)s for complaints.", office=facts.complaints_to
                )
            )
        Office.objects.filter(pk=facts.id).update(complaints_to=facts.complaints_to)


@transaction.atomic
def announce(office: Office) -> None:
    """Tell the kiosks of an office about it, unless they were told the same last."""
    told = last_told(office)
    note = _note_of(office, public_url() or (told.portal_url if told else ""))
    if note != told:
        feed.append(office_audience(office.pk), ChangeKind.OFFICE, note.to_bytes())


def announce_all() -> None:
    """Tell all kiosks what they do not know yet, such as that central's address has changed."""
    for office in Office.objects.all():
        announce(office)


def last_told(office: Office) -> OfficeNote | None:
    """What the kiosks of an office were told last."""
    audience = office_audience(office.pk)
    told = FeedItem.objects.filter(audience=audience, kind=ChangeKind.OFFICE.value)
    last = told.order_by("-position").first()
    return OfficeNote.from_bytes(bytes(last.payload)) if last else None


def _note_of(office: Office, portal_url: str) -> OfficeNote:
    """An office as its kiosks read it."""
    return OfficeNote(
        id=office.pk,
        name=names_of(office),
        phone=office.phone,
        opening_hours=office.hours,
        holidays=tuple(sorted(office.closed_days)),
        portal_url=portal_url,
        sample=office.sample,
    )


def names_of(office: Office) -> Mapping[str, str]:
    """An office's name by language."""
    return {"lo": office.name_lo, "en": office.name_en or office.name_lo}


def read_file(path: Path) -> list[OfficeFacts]:
    """The offices in a YAML file such as `assets/services/offices.yaml`.

    All share its holidays, and its `sample: true` where an office does not say otherwise.

    Raises:
        BadOfficeFile: something is missing or not what it should be.
    """
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
        holidays = tuple(sorted(_day(entry["date"]) for entry in content.get("holidays", ())))
        sample = content.get("sample", False)
        return [_facts({"sample": sample, **entry}, holidays) for entry in content["offices"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise BadOfficeFile(
            Sentence(
                "The file %(file)s cannot be read as offices: %(why)s.",
                file=path,
                why=_what(problem),
            )
        ) from problem


def _what(problem: Exception) -> Sentence:
    """What is wrong with the file, as far as it can be said."""
    if isinstance(problem, OSError):
        return Sentence(problem.strerror or type(problem).__name__)
    if isinstance(problem, KeyError):
        return Sentence("%(name)s is missing", name=problem.args[0])
    said = problem.args[0] if problem.args else ""
    return said if isinstance(said, Sentence) else Sentence("%(detail)s", detail=problem)


def _facts(entry: Mapping[str, Any], holidays: tuple[date, ...]) -> OfficeFacts:
    return OfficeFacts(
        id=str(entry["id"]),
        name_lo=str(entry["name"]["lo"]),
        name_en=str(entry["name"].get("en", "")),
        district=str(entry.get("district", "")),
        role=str(entry.get("role", "district")),
        hours=str(entry.get("opening_hours", "")),
        phone=str(entry.get("phone", "")),
        holidays=holidays,
        complaints_to=str(entry.get("complaints_to", "")),
        sample=_truth(entry["sample"]),
    )


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(Sentence("sample is true or false"))
    return value


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
