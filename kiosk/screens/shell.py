"""The frame around every page: fixed places, banner, the page itself, keyboard, questions on top.

Back, Listen, Help, Language and Start over stand where they always stand, to the dot: a person who
cannot read finds them by place. The shell also owns what no single screen can: where one goes next
and back, what happens when nobody touches the glass any more, what the printer and the line are
doing, and that everything about a person is gone when she is.

It polls, twice a second: workers change rows in the ledger and never call into Kivy.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.lang import Builder
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.day_report import CODE as DAY_REPORT
from kiosk.desk import CannotKeep
from kiosk.devices.chime import chime
from kiosk.devices.clip import MemoryClip
from kiosk.devices.sound import Clips, Player
from kiosk.finding import SlipFound, SlipState
from kiosk.language import LANGUAGES, N_, NAMES, _, in_language, language
from kiosk.reopening import NEWER_FORM
from kiosk.resume_code import ResumeCode
from kiosk.screens.overlay import STILL_HERE, IdleWarning, Question
from kiosk.screens.panel import use_letters
from kiosk.screens.pictures import picture_texture
from kiosk.screens.pointer import PRESSING, Pointer
from kiosk.screens.power import Outage
from kiosk.screens.registry import screen_class
from kiosk.screens.rules import load_rules
from kiosk.screens.text import forget_drawn, register_fonts
from kiosk.screens.theme import PLAIN, STRONG, use_theme
from kiosk.screens.translation import install_names, tr
from kiosk.services import NoSuchService
from kiosk.visit import Look, Presence, Visit
from sync.errors import CannotOpen

if TYPE_CHECKING:
    from kiosk.clerks import Clerk
    from kiosk.desk import Desk
    from kiosk.technician import Technician

POLL_S = 0.5
DOUBLE_TAP_S = 0.35  # a second tap so soon was meant for the page before
LAST_CALL_S = 10  # before the end of a visit she is called once more
LAID_OUT_S = 0.1  # words have found their lines by then
STOP = N_("Do you want to stop and start over? Your answers will be erased.")
STOP_CORRECTING = N_(
    "Do you want to stop and start over? What you changed will be erased. "
    "Your receipt opens the application again."
)
ANOTHER_DAY = N_("Continue another day")
WELCOME_BACK = N_("Your answers are here again. Go on where you stopped.")
NOT_TAKEN_OVER = N_("Not taken over: %(count)s of your answers.")
SOMEBODYS_SLIP = N_(
    "A paper was printed for who was here before. Please leave it or give it to staff."
)
TICKET_LIES = N_("Please take the receipt out of the printer, or wait.")
HELPED_BY = N_("Helped by %(name)s")
ENTRANCE = "attract"
HOME = "home"
OUTSIDE = (ENTRANCE, "end")  # nobody has begun there, or she has finished


class Scanner(Protocol):
    """Something that reads receipts."""

    @property
    def connected(self) -> bool:
        """Whether it is plugged in."""
        ...

    def poll(self) -> str | None:
        """What was scanned since the last call."""


@dataclass(frozen=True, slots=True)
class Devices:
    """What is plugged in besides the glass; None where there is none."""

    player: Player | None = None
    scanner: Scanner | None = None
    photos: Any = None  # kiosk.devices.photo.PhotoSource
    files: Any = None  # kiosk.devices.file.FolderFiles
    microphone: Any = None  # kiosk.devices.microphone.Microphone
    camera_looks_down: bool = False  # on papers on a shelf, not at who stands there


@dataclass(frozen=True, slots=True)
class Place:
    """A screen and what it was opened with, so that Back can open it again."""

    name: str
    given: dict[str, Any] = field(default_factory=dict)


class Shell(FloatLayout):
    """The root widget.

    Args:
        desk: what can be done here.
        visit: who is here.
        devices: what is plugged in.
        technician: what a technician can do here.
    """

    screen: Any = ObjectProperty(None, allownone=True, rebind=True)  # Screen, None only between two
    next_language = StringProperty("")
    leaves_quickly = BooleanProperty(False)  # what she is at is sensitive: Start over does not ask
    office_text = StringProperty("")
    health_text = StringProperty("")
    helper_text = StringProperty("")  # which clerk helps; empty: nobody
    notice_text = StringProperty("")
    notice_tone = StringProperty("news")

    def __init__(
        self,
        desk: "Desk",
        visit: Visit,
        devices: Devices | None = None,
        technician: "Technician | None" = None,
    ) -> None:
        super().__init__()
        self.desk, self.visit, self.technician = desk, visit, technician
        self.devices = devices or Devices()
        self.double_tap_s = DOUBLE_TAP_S
        self._places: list[Place] = []
        self._moved_s = 0.0
        self._version: object = None
        self._dressed = Look()
        self._idle_warning = self._new_idle_warning()
        self._question: Question | None = None
        self._prepared: tuple[str, Any] | None = None  # a screen that is likely next, already built
        self._pointer = Pointer(self)
        self._poll: Any = None
        self._called_last = False
        self._chime: MemoryClip | None = None
        self._outage: Outage | None = None

    # --- where we are -------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """The screen that is shown and what it was opened with."""
        return self._places[-1]

    def start(self) -> None:
        """Show the entrance and begin to look after things."""
        Window.bind(on_touch_down=self._on_window_touch, on_key_down=self._on_window_key)
        self._poll = Clock.schedule_interval(lambda _dt: self.tick(), POLL_S)
        self.wipe()
        self._ask_about_the_interrupted()

    def stop(self) -> None:
        """Let go of window and clock."""
        Window.unbind(on_touch_down=self._on_window_touch, on_key_down=self._on_window_key)
        if self._poll is not None:
            self._poll.cancel()
        self._count_journeys()
        self._leave_screen()
        if self._chime is not None:
            self._chime.close()
            self._chime = None

    def go(self, name: str, **given: Any) -> None:
        """Show a screen; Back leads to the present one."""
        self._places.append(Place(name, given))
        self._show()

    def replace(self, name: str, **given: Any) -> None:
        """Show a screen in the place of the present one: Back leads to the one before."""
        self._places[-1:] = [Place(name, given)]
        self._show()

    def prepare(self, name: str, **given: Any) -> None:
        """Build a screen while the person still reads: it is there sooner when she goes on.

        It holds nothing of her: what it is about comes when it is shown.
        """
        screen = screen_class(name)(shell=self, size=self.ids.page.size)
        screen.foresee(**given)
        self._prepared = (name, screen)
        Clock.schedule_once(lambda _dt: _draw_words(screen), LAID_OUT_S)

    def home(self) -> None:
        """Show the services; Back leads nowhere from there."""
        self._places = [Place(HOME)]
        self._show()

    def back(self) -> None:
        """One step back: inside the screen first, then to the screen before."""
        self.keyboard.close()
        if self.screen.back():
            self._moved()
            return
        if len(self._places) > 1:
            self._places.pop()
            self._show()

    def start_over(self) -> None:
        """Go to the entrance; asks first when answers would be lost, unless she must be quick."""
        if self.leaves_quickly:
            self._erase_and_start_over()
            return
        if self.visit.entry is None:
            self.wipe()
            return
        corrects = self.visit.correction is not None
        self.ask(
            _(STOP_CORRECTING if corrects else STOP),
            yes=_("Erase and start over"),
            no=_("Keep my answers"),
            on_yes=self._erase_and_start_over,
            other=_(ANOTHER_DAY) if self._lets_set_aside() else "",
            on_other=self.set_aside,
        )

    def _is_sensitive(self) -> bool:
        """Whether what she reads or fills in, or has just handed in, says: leave quickly."""
        named = [place.given["service_id"] for place in self._places if "service_id" in place.given]
        if self.visit.submitted is not None:
            named.append(self.visit.submitted.receipt.claims.service)
        return self.desk.leaves_quickly(named)

    def _erase_and_start_over(self) -> None:
        """Nothing of hers stays, also where a slip had opened it."""
        reopened = self.visit.reopened
        self.wipe()
        if reopened is not None:
            with suppress(CannotKeep):  # the slip then opens what it opened before
                self.desk.give_up(reopened.id)

    def set_aside(self) -> None:
        """She goes on another day: her answers are sealed, and a slip is printed."""
        entry = self.visit.entry
        if entry is None:
            return
        try:
            aside = self.desk.set_aside(entry, self.visit.leaves(), self.visit.reopened)
        except CannotKeep as problem:
            self.notice(str(problem), "warn")
            return
        self.visit.sets_aside(aside)
        self._places = [Place("aside")]
        self._show()
        _forget_seen()

    def go_on(self, code: ResumeCode) -> None:
        """Open what a resume slip opens, where she stopped; or say why that cannot be."""
        try:
            reopened = self.desk.reopen(code)
        except NoSuchService:
            self.go("finding", finding=SlipFound(SlipState.WITHDRAWN))
            return
        except CannotOpen:
            self.go("finding", finding=SlipFound(SlipState.GONE))
            return
        self.visit.goes_on(reopened)
        service_id = reopened.service_id
        stopped = "check" if reopened.entry.page is None else "question"
        self._places = [
            Place(HOME),
            Place("sheet", {"service_id": service_id}),
            Place(stopped, {"service_id": service_id}),
        ]
        self._show()
        told = [_(NEWER_FORM)] if reopened.has_newer_form else []
        if reopened.dropped:
            told.append(_(NOT_TAKEN_OVER, count=reopened.dropped))
        self.notice(" ".join(told or [_(WELCOME_BACK)]), "warn" if told else "good")

    @property
    def may_set_aside(self) -> bool:
        """Whether what she fills in can wait for another day, if she asks for it."""
        return self._lets_set_aside()

    def _lets_set_aside(self, *, unasked: bool = False) -> bool:
        """Whether what she fills in can wait for her; a correction opens with its receipt again."""
        entry = self.visit.entry
        if entry is None or self.visit.correction is not None:
            return False
        before = self.visit.reopened
        if unasked and before is not None and not before.has_changed:
            return False  # her slip says it all
        return self.desk.lets_set_aside(entry, unasked=unasked)

    def finish(self) -> None:
        """Forget everything about this person, then thank her in her language and look."""
        spoken, look = language(), self.visit.look
        self.visit.wipe()
        self.visit.begin(spoken)
        self.visit.look = look
        self._places = [Place("end")]
        self._show()
        _forget_seen()

    def wipe(self) -> None:
        """Forget everything about this person and wait for the next."""
        self._close_question()
        self._hide_idle_warning()
        self.visit.wipe()
        self.notice_text = ""
        self._places = [Place(ENTRANCE)]
        self._show()
        _forget_seen()

    # --- how it looks -------------------------------------------------------------------------

    def wear(self, look: Look) -> None:
        """Show everything in this look from now on; silence ends that like any visit."""
        if self.waits_for_ticket(language()):
            return
        if not self.visit.begun:
            self.visit.begin(language())
        self.visit.look = look
        self._show()

    def dress(self) -> None:
        """Build the frame in the look of the visit: a thing takes colours and sizes when built."""
        self._dressed = self.visit.look
        use_theme(STRONG if self._dressed.strong else PLAIN)
        use_letters(self._dressed.letters)
        self._prepared = None
        self._idle_warning = self._new_idle_warning()
        self.clear_widgets()
        self.canvas.before.clear()
        Builder.unbind_widget(self.uid)
        self.apply_class_lang_rules()

    def _new_idle_warning(self) -> IdleWarning:
        return IdleWarning(on_here=self.touched, on_leave=self.wipe)

    # --- languages and sound ------------------------------------------------------------------

    def speak(self, code: str) -> None:
        """Change the language; every answer stays."""
        self.visit.speak(code)
        self.refresh()

    def switch_language(self) -> None:
        """The next of the languages, round and round."""
        self.speak(_after(language()))

    def listen(self) -> None:
        """Say the page aloud, or say on screen that nobody has recorded it yet."""
        said = Clips.of(language()).for_page(self.screen.spoken())
        clips = (*self.screen.clips(), *said)
        if clips and self.devices.player is not None:
            self.devices.player.play(clips)
        else:
            self.notice(
                _("This page has not been recorded yet. Please ask the staff to read it to you.")
            )

    def help(self) -> None:
        """What to do when stuck; Back returns to the page."""
        if self.place.name != "help":
            self.go("help")

    def clerk_signs_in(self, clerk: "Clerk") -> None:
        """A clerk has given her PIN: she helps where help was asked for."""
        self.visit.clerk = clerk
        while self._places and self.place.name in ("help", "clerk"):
            self._places.pop()
        if not self._places or self.place.name in OUTSIDE:
            self.home()
        else:
            self._show()

    # --- words to the person ------------------------------------------------------------------

    def notice(self, text: str, tone: str = "news") -> None:
        """A line that stays until the next touch. Tones: news, good, warn, bad."""
        self.notice_tone = tone
        self.notice_text = text

    def ask(
        self,
        text: str,
        *,
        yes: str,
        no: str,
        on_yes: Callable[[], None],
        yes_is_main: bool = False,
        other: str = "",
        on_other: Callable[[], None] | None = None,
    ) -> None:
        """A question over the page, answered before anything else; `no` is the main answer."""
        self._close_question()
        self.keyboard.close()
        self._pointer.leave()
        self._question = Question(
            text=text,
            yes=yes,
            no=no,
            yes_is_main=yes_is_main,
            other=other,
            on_yes=on_yes,
            on_other=on_other,
            on_close=self._close_question,
        )
        self.add_widget(self._question)

    @property
    def keyboard(self) -> Any:
        """The keys on screen: `open_for(field, "lo")`, `close()`."""
        return self.ids.keyboard

    def refresh(self) -> None:
        """Say everything again: the language or the ledger has changed."""
        tr.follow()
        self.next_language = NAMES[_after(language())]
        self._refresh_health()
        self._refresh_helper()
        if self.screen is not None:
            self.screen.refresh()

    # --- what happens by itself ---------------------------------------------------------------

    def tick(self) -> None:
        """Look after silence, slips, the scanner and the ledger; called twice a second."""
        self._mind_silence()
        if self._outage is not None:
            self._outage.look()
        self.desk.mind_slips(self.visit.aside)
        self._count_journeys()
        scanned = self.devices.scanner.poll() if self.devices.scanner is not None else None
        if scanned is not None:
            self.take_scan(scanned)
        version = self.desk.data_version()
        if version != self._version:
            self._version = version
            self._refresh_health()
            self.screen.refresh()

    def power_goes(self, close: Callable[[], None]) -> None:
        """The power is failing: end what is here, then close; see `kiosk.screens.power`."""
        if self._outage is None:
            self._outage = Outage(self, close)
            self._outage.look()

    @property
    def is_outside(self) -> bool:
        """Whether nobody has begun, or she has finished."""
        return not self.visit.begun or self.place.name in OUTSIDE

    def set_aside_unasked(self) -> bool:
        """Set aside what she fills in, on the glass too; whether there was something."""
        if not self._lets_set_aside(unasked=True):
            return False
        self.set_aside()
        return self.visit.aside is not None

    def touched(self) -> None:
        """Somebody is there: the silence begins anew."""
        self.visit.touch()
        self._hide_idle_warning()

    def _count_journeys(self) -> None:
        """Add what was walked to the day's counts, while nobody waits for the glass."""
        walked = self.visit.journey.walked
        if walked and not self.visit.begun and self.desk.count_journeys(tuple(walked)):
            walked.clear()

    def _ask_about_the_interrupted(self) -> None:
        """Whose receipt was cut off by the power may still stand here; silence ends her visit."""
        receipt = self.desk.find_interrupted()
        if receipt is not None:
            self.visit.begin(receipt.languages[0])
            self.replace("interrupted", reference=receipt.reference)

    def waits_for_ticket(self, code: str) -> bool:
        """Whether nobody may begin yet, because somebody's receipt lies in the printer; says so."""
        if self.visit.begun or not self.desk.ticket_lies():
            return False
        self.notice(in_language(code, TICKET_LIES), "warn")
        return True

    def _mind_silence(self) -> None:
        player = self.devices.player
        if player is not None and player.playing and self._idle_warning.parent is None:
            self.visit.listen()
        silence = self.visit.silence()
        if silence.presence is Presence.OVER:
            self.end_silent_visit()
        elif silence.presence is Presence.WARNING:
            self._idle_warning.left_s = silence.left_s
            if self._idle_warning.parent is None:
                self._warn()
            elif silence.left_s <= LAST_CALL_S and not self._called_last:
                self._called_last = True
                self._call()
        else:
            self._hide_idle_warning()

    def _warn(self) -> None:
        """Ask on the glass and aloud: who looks away or does not read must hear it."""
        self._idle_warning.prints_slip = self._lets_set_aside(unasked=True)
        self.add_widget(self._idle_warning)
        self._called_last = False
        self._call()

    def _call(self) -> None:
        if self.devices.player is None:
            return
        self._chime = self._chime or MemoryClip(chime(), ".wav")
        clips = Clips.of(language()).for_page((STILL_HERE,))
        self.devices.player.play((self._chime.path, *clips))

    def end_silent_visit(self) -> None:
        """She has gone: nothing of her stays here, but for a slip, where one can be printed."""
        entry, printed = self.visit.entry, False
        if entry is not None and self._lets_set_aside(unasked=True):
            with suppress(CannotKeep):  # nobody is there to be told
                self.desk.set_aside(entry, self.visit.leaves(), self.visit.reopened)
                printed = True
        self.wipe()
        if printed:
            self.notice(_(SOMEBODYS_SLIP), "news")

    def _hide_idle_warning(self) -> None:
        if self._idle_warning.parent is not None:
            self.remove_widget(self._idle_warning)

    def take_scan(self, text: str) -> None:
        """What a scanner or the camera has read: a receipt leads to its application."""
        if text == DAY_REPORT:
            self._print_day_report()
            return
        self.visit.touch()
        if self.screen.scanned(text):
            return
        if self.visit.entry is not None:
            self.notice(_("Finish or start over first. Then you can scan your receipt."), "warn")
            return
        if self.waits_for_ticket(language()):
            return
        if not self.visit.begun:
            self.visit.begin(language())
            self.home()
        finding = self.desk.find_scanned(text)
        if isinstance(finding, SlipFound) and finding.code is not None:
            self.go_on(finding.code)
        else:
            self.go("finding", finding=finding, look=lambda: self.desk.find_scanned(text))

    def _print_day_report(self) -> None:
        """The clerk held an earlier report under the scanner; whoever is here goes on."""
        try:
            self.desk.print_day_report()
        except CannotKeep as problem:
            self.notice(str(problem), "warn")
        else:
            self.notice(_("The day report is being printed."))

    def _refresh_health(self) -> None:
        self.health_text = next(iter(self.desk.readiness().sentences()), "")
        self.office_text = self.desk.office_name()

    def _refresh_helper(self) -> None:
        helper = self.visit.helper
        self.helper_text = "" if helper is None else _(HELPED_BY, name=helper.name)

    def _show(self) -> None:
        self._leave_screen()
        if self._dressed != self.visit.look:
            self.dress()
        place = self.place
        prepared, self._prepared = self._prepared, None
        if prepared is not None and prepared[0] == place.name:
            screen = prepared[1]
        else:
            screen = screen_class(place.name)(shell=self)
        self.screen = screen
        self.notice_text = ""
        self.leaves_quickly = self._is_sensitive()
        self._refresh_helper()
        self.refresh_language()
        screen.open(**place.given)
        screen.refresh()
        self.ids.page.add_widget(screen)
        self._refresh_health()
        self._moved()

    def refresh_language(self) -> None:
        """Let the .kv files follow the language."""
        tr.follow()
        self.next_language = NAMES[_after(language())]

    def _leave_screen(self) -> None:
        self._pointer.leave()
        self.keyboard.close()
        if self.devices.player is not None:
            self.devices.player.stop()
        if self.screen is not None:
            self.screen.close()
            self.ids.page.clear_widgets()
            self.screen = None

    def _close_question(self) -> None:
        if self._question is not None:
            self.remove_widget(self._question)
            self._question = None
            self._moved()

    def _moved(self) -> None:
        self._moved_s = monotonic()

    def _on_window_touch(self, _window: object, _touch: object) -> bool:
        if monotonic() - self._moved_s < self.double_tap_s:
            return True
        self.notice_text = ""
        self._pointer.leave()
        self.visit.touch()
        return False

    def _on_window_key(
        self, _window: object, key: int, _code: int, text: str | None, modifiers: list[str]
    ) -> bool:
        if key in PRESSING and monotonic() - self._moved_s < self.double_tap_s:
            return True
        self.notice_text = ""
        self.visit.touch()
        return self._pointer.take(key, text or "", modifiers)


def _draw_words(screen: Any) -> None:
    """Kivy draws a label's words when they are first on the glass: do it now."""
    for widget in screen.walk(restrict=True):
        texture = getattr(widget, "texture", None)
        if texture is not None:
            texture.bind()


def _forget_seen() -> None:
    """Empty what Kivy and we keep of texts and pictures to draw them faster."""
    forget_drawn()
    picture_texture.cache_clear()


def _after(code: str) -> str:
    return LANGUAGES[(LANGUAGES.index(code) + 1) % len(LANGUAGES)]


register_fonts()
install_names()
load_rules(__file__)
