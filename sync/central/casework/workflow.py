"""A case's way through the offices: its step, whose that is, and what comes next.

The steps are data of the service. A step names a role such as `village`; which office that is
follows from the district of the office where the application was handed in. Where a district has no
office of that role in the system, the office that took it in does the step: it asks on paper or by
telephone, as it does today, and the case never lies where nobody looks.
"""

from datetime import date, datetime
from typing import Final, TypedDict

from django.utils.translation import gettext as _

from kiosk.forms.descriptor import StepAction, WorkflowStep
from sync.central.casework.due_dates import first_day, vientiane_day
from sync.central.casework.models import Case, Office
from sync.central.casework.service_words import find_descriptor, reader_language
from sync.records import TimeQuality
from sync.working_days import due_on

FRONT: Final = "district"  # the role that means the office where it was handed in


class Onward(TypedDict):
    """Where a case goes when it is handed over, as `events.Step` takes it."""

    office: Office
    next_step: str
    step_due_on: date


class Offices:
    """Finds the office of a step; each role of each district is looked up once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Office | None] = {}

    def of_step(self, step: WorkflowStep, front: Office) -> Office:
        """The office that does the step of an application handed in at that front desk."""
        if step.office in (FRONT, front.role) or not front.district:
            return front
        key = (step.office, front.district)
        if key not in self._found:
            offices = Office.objects.filter(role=step.office, district=front.district)
            self._found[key] = offices.order_by("pk").first()
        return self._found[key] or front


def put_at(case: Case, step: WorkflowStep, front: Office, offices: Offices) -> None:
    """Place a new case, not yet written, at a step of its service's workflow."""
    office = offices.of_step(step, front)
    counted_from = first_day(case.recorded_at, TimeQuality(case.recorded_quality), case.received_at)
    case.office, case.step = office, step.id
    case.heard_at = "" if office == front else front.pk
    case.step_due_on = due_on(counted_from, step.days, office.closed_days)


def find_step(case: Case) -> WorkflowStep | None:
    """The step the case is at; None where its service is not published any more."""
    descriptor = find_descriptor(case)
    return descriptor.step(case.step) if descriptor else None


def find_next_step(case: Case) -> WorkflowStep | None:
    """The step after the present one; None where the present one decides."""
    step, descriptor = find_step(case), find_descriptor(case)
    if descriptor is None or step is None or step.decides:
        return None
    return descriptor.step_after(step.id)


def must_confirm(case: Case) -> bool:
    """Whether handing it over says that something is so."""
    step = find_step(case)
    return step is not None and step.action is StepAction.CONFIRM


def onward(case: Case, now: datetime) -> Onward:
    """Where the case goes from its present step, and until when the next office has time."""
    step = find_next_step(case)
    assert step is not None  # `possible` offers handing over only before the last step
    office = _next_office(case, step)
    due = due_on(vientiane_day(now), step.days, office.closed_days)
    return Onward(office=office, next_step=step.id, step_due_on=due)


def handing_over(case: Case) -> str:
    """To whom it goes, in words for the officer who is about to hand it over."""
    step = find_next_step(case)
    if step is None:
        return ""
    return _("Handed over to %(office)s") % {"office": _next_office(case, step).name}


def step_in_words(case: Case) -> str:
    """Which step it is at, of how many; empty where the service has a single one."""
    descriptor, step = find_descriptor(case), find_step(case)
    if descriptor is None or step is None or len(descriptor.workflow) == 1:
        return ""
    return _("Step %(number)s of %(of)s: %(name)s") % {
        "number": descriptor.workflow.index(step) + 1,
        "of": len(descriptor.workflow),
        "name": step.name.of(reader_language()),
    }


def step_called(case: Case, step_id: str) -> str:
    """The name of a step of the case's service."""
    descriptor = find_descriptor(case)
    step = descriptor.step(step_id) if descriptor else None
    return step.name.of(reader_language()) if step else step_id


def took_in(case: Case) -> Office:
    """The office where it was handed in: there people ask, and fetch what they applied for."""
    return Office.objects.get(pk=case.audience) if case.heard_at else case.office


def _next_office(case: Case, step: WorkflowStep) -> Office:
    return Offices().of_step(step, took_in(case))
