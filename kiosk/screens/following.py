"""After handing in: what belongs to the same life event, with the answers that are there already.

A birth wants a certificate and a place in the family book. Each is an application of its own, with
its own office, days and receipt: the first is promised before the second is begun, so nobody who
has to leave loses it. What was answered is not asked again.
"""

from typing import Any

from kivy.properties import ObjectProperty, StringProperty

from kiosk.language import N_, _, language
from kiosk.screens.pictures import picture_texture
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.sheet import fill_in
from kiosk.screens.widgets import fact_rows
from kiosk.services import NoSuchService
from kiosk.sheet import BRING, DAYS, DECIDES, FEE, GET, SAMPLE_DATA, facts

HEADING = N_("Do you want this too?")
FEW_LEFT = N_("Your answers are used again. Questions left: %(count)s.")
NONE_LEFT = N_("Your answers are used again. No question is left.")
YES = N_("Yes, this too")
NO = N_("No, thank you")
TOLD = (GET, FEE, DAYS, BRING, DECIDES, SAMPLE_DATA)  # enough to choose; home has the whole sheet


class FollowingScreen(Screen):
    """Offers the next service of a life event."""

    shows_back = False
    name = StringProperty("")
    left = StringProperty("")
    picture = ObjectProperty(None, allownone=True)
    service_id = ""

    def open(self, **given: Any) -> None:
        """Takes `service_id`, and `after`: the service that was just applied for."""
        self.service_id, self._after = given["service_id"], given["after"]
        self._count = self._questions_left()

    def _questions_left(self) -> int:
        try:
            entry = self.desk.begin(self.service_id, self.visit.facts, self.visit.reused)
        except NoSuchService:  # withdrawn a moment ago: `refresh` goes on
            return 0
        page = entry.page
        entry.forget()
        return page.of if page is not None else 0

    def refresh(self) -> None:
        """Say it in the present language."""
        try:
            service = self.desk.service(self.service_id)
        except NoSuchService:
            self.decline()
            return
        self.name = service.descriptor.name.of(language())
        self.picture = picture_texture(service.icon)
        self.left = _(FEW_LEFT, count=self._count) if self._count else _(NONE_LEFT)
        told = (fact for fact in facts(service.descriptor, None, language()) if fact[1] in TOLD)
        rows = (fact_rows(icon, _(name), lines) for icon, name, lines in told)
        self.ids.facts.show([row for group in rows for row in group], keep_page=True)

    def apply(self) -> None:
        """Fill in what is left of it; Back leads home from its first question."""
        self.visit.entry = self.desk.begin(self.service_id, self.visit.facts, self.visit.reused)
        self.shell.home()
        fill_in(self.shell, self.service_id, anew=True)

    def decline(self) -> None:
        """On to what she thinks of the first."""
        self.shell.replace("feedback", service_id=self._after)

    def back(self) -> bool:
        """Nothing leads back: the first is handed in."""
        return True

    def spoken(self) -> tuple[str, ...]:
        """The question and its two answers; the service has its own recording."""
        return (HEADING, YES, NO)


load_rules(__file__)
