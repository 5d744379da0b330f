"""The place on a question page where the answer is given: one kind of widget a kind of question.

An answer widget shows what `Entry` holds and reports each touch through its `page`; it keeps
nothing itself, so that changing the language, going back or an error lose nothing. It may have
steps inside (year, month, day), and it may ask for the whole width below the question.
"""

from typing import TYPE_CHECKING, Protocol

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.forms.entry import Entry, Question
from kiosk.language import find_message

if TYPE_CHECKING:
    from kiosk.screens.shell import Shell


TELLING = ("told", "advice", "full_words", "add_words")  # properties that some have


class Page(Protocol):
    """The question page, as an answer widget knows it."""

    shell: "Shell"
    none_words: str  # that there is none of these, where that may be said; else empty

    was_read: bool  # the question stood on a page of several, and a touch opened it

    @property
    def entry(self) -> Entry:
        """Where the answers are."""
        ...

    def give(self, path: str, value: str) -> None:
        """The person answers."""
        ...

    def attach(self, path: str, data: bytes, media_type: str) -> None:
        """The person answers with a picture, a recording or a file."""
        ...

    def excuse(self, path: str) -> None:
        """There is no device here for the question: it may stay empty."""
        ...

    def medium(self, name: str) -> bytes | None:
        """A picture or clip of the form."""
        ...

    def choose(self, path: str) -> None:
        """The person opens one question of several."""
        ...

    def says(self, question: Question) -> bool:
        """Whether the form has a clip that says the question."""
        ...

    def say(self, question: Question) -> None:
        """The person wants to hear one question of several."""
        ...

    def visit_instance(self, path: str) -> None:
        """The person opens one instance of a repeat."""
        ...

    def add_instance(self, path: str) -> None:
        """The person adds one to a repeat."""
        ...

    def remove_instance(self, path: str) -> None:
        """The person takes one out of a repeat."""
        ...

    def proceed(self) -> None:
        """The person wants to go on."""
        ...

    def complain(self, sentence: str) -> None:
        """Something inside the answer is not right yet."""
        ...

    def refresh(self) -> None:
        """Something has changed that the page shows."""
        ...


class Answer(BoxLayout):
    """What all of them can do. `page` is given at birth."""

    page: Page = ObjectProperty()
    wide = BooleanProperty(False)  # below the question; else beside it
    typing = BooleanProperty(False)  # the keyboard is open: only the question and the field remain
    wrong = BooleanProperty(False)  # the answer must be mended
    has_figures = BooleanProperty(False)  # a number is typed: its figures stand under the question
    figures = StringProperty("")
    so_far = StringProperty("")  # what is known already, said under the question; no hint then
    how = StringProperty("")  # what to do next, said under the question and its hint
    turns = ObjectProperty(None, allownone=True)  # the Paged that Up and Down beside Continue turn
    aside = StringProperty("")  # another way on than Continue, such as "I only know the year"
    searching = BooleanProperty(False)  # typing a name: those found need the question's room
    onward = StringProperty("")  # what Continue says here; empty for its own word

    least_mm = 28.0  # the least height it needs below the question; a hint gives way to it
    lets_widen = True  # whether a long question may take some of its width

    goes_below = False  # whether it may move below a question too long for the left half

    def show(self, question: Question) -> None:
        """Show the question's present value, in the present language."""
        raise NotImplementedError

    def proceed(self) -> bool:
        """Take the touch on Continue as a step inside; False lets the page go on."""
        return False

    def back(self) -> bool:
        """Go one step back inside; False lets the page go back."""
        return False

    def take_aside(self) -> None:
        """The person takes the other way."""

    def take_figure(self, figure: str) -> bool:
        """Take a figure of a keypad, or "{backspace}"; False lets it choose by number."""
        del figure
        return False

    def spoken(self) -> tuple[str, ...]:
        """What it says itself, in English sentences, behind the question's own clip."""
        return ()

    def told_words(self) -> tuple[str, ...]:
        """What it says on the glass about a photo, a device or what to do, in English."""
        shown = (getattr(self, name, "") for name in TELLING)
        return tuple(filter(None, map(find_message, shown)))

    def scanned(self, text: str) -> bool:
        """Take what the scanner read; False lets the shell look it up as a receipt."""
        del text
        return False

    def close(self) -> None:
        """Let go of whatever works behind it."""
