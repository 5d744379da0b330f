"""The service sheet: everything worth knowing before applying, on short pages, one main action.

Sample data carries its mark on every page of the sheet. Who wants to read at home, or has to ask
somebody there, takes the sheet along on paper.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.desk import CannotKeep
from kiosk.forms.parts import RECORDED
from kiosk.language import N_, _, language
from kiosk.screens.pictures import picture_texture
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.service_clips import ServiceClips
from kiosk.screens.widgets import fact_rows
from kiosk.services import NoSuchService
from kiosk.sheet import BRING, DAYS, DECIDES, FEE, GET, LAW, WHO, facts
from kiosk.visit import Visit

if TYPE_CHECKING:
    from kiosk.screens.shell import Shell

APPLY = N_("Apply")
COMPLAIN = N_("Complain")
PRINTING = N_("The page is being printed.")


class SheetScreen(Screen):
    """One service, before applying for it."""

    name = StringProperty("")
    picture = ObjectProperty(None, allownone=True)
    is_sample = BooleanProperty(False)
    main_action = StringProperty("")
    can_print = BooleanProperty(False)
    service_id = ""

    def open(self, **given: Any) -> None:
        """Takes `service_id`, and `about`: the reference that a complaint is about."""
        self.service_id = given["service_id"]
        self._clips = ServiceClips()
        self._about: str = given.get("about", "")
        self.can_print = self.desk.readiness().printer.prints

    def refresh(self) -> None:
        """Show the newest sheet of the service in the current language."""
        try:
            service = self.desk.service(self.service_id)
        except NoSuchService:  # withdrawn while somebody read it
            self.shell.home()
            return
        sheet = service.descriptor
        self.name = sheet.name.of(language())
        self.picture = picture_texture(service.icon)
        self.is_sample = sheet.sample
        self.main_action = _(COMPLAIN if service.is_complaint else APPLY)
        follows = self.desk.following(self.service_id)
        told = facts(sheet, follows.descriptor if follows else None, language())
        rows = (fact_rows(icon, _(name), lines) for icon, name, lines in told)
        self.ids.facts.show([row for group in rows for row in group], keep_page=True)

    def apply(self) -> None:
        """Fill in the form: go on with what was begun, or begin."""
        begun = self.visit.entry
        service = self.desk.service(self.service_id)
        anew = begun is None or begun.definition is not service.definition
        if anew:
            self.visit.entry = (
                self.desk.begin_complaint(self._about)
                if service.is_complaint
                else self.desk.begin(
                    self.service_id, self.visit.knows_for(self.service_id), self.visit.reused
                )
            )
        fill_in(self.shell, self.service_id, anew=anew)

    def print_sheet(self) -> None:
        """The sheet on paper, to take along."""
        try:
            self.desk.print_sheet(self.service_id)
        except (CannotKeep, NoSuchService) as problem:
            self.shell.notice(str(problem), "warn")
        else:
            self.can_print = False  # one is enough; who comes back to this page may print another
            self.shell.notice(_(PRINTING))

    def clips(self) -> tuple[Path, ...]:
        """What was recorded of the sheet in the present language."""
        try:
            service = self.desk.service(self.service_id)
        except NoSuchService:
            return ()
        return self._clips.of(service.recording(part, language()) for part in RECORDED)

    def close(self) -> None:
        """Let go of the recordings."""
        self._clips.close()

    def spoken(self) -> tuple[str, ...]:
        """The sheet's headings; the facts themselves are the service's own recordings."""
        return (GET, WHO, BRING, FEE, DAYS, DECIDES, LAW, APPLY)


def fill_in(shell: "Shell", service_id: str, *, anew: bool) -> None:
    """Go to what is told before the first question, or on to the questions themselves."""
    if anew and shell.desk.service(service_id).descriptor.purposes:
        shell.go("notice", service_id=service_id)
    else:
        shell.go("question" if asks(shell.visit) else "check", service_id=service_id)


def asks(visit: Visit) -> bool:
    """Whether there is a question to go to; not where this visit has told all."""
    assert visit.entry is not None
    return visit.entry.page is not None or visit.entry.retreat()


load_rules(__file__)
