"""A file that somebody brought: a list of what there is, one touch to choose.

What a file is, its bytes say. A picture is decoded in the darkroom and made anew, as every picture;
a PDF goes on as it is. The chosen one stays in memory until it is sealed; here it is shown as what
it is and how large, without its name, which may say who somebody is.
"""

from dataclasses import dataclass
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.devices.darkroom import Darkroom, Refusal
from kiosk.devices.file import (
    NO_FILES,
    PAPERS,
    PICTURES,
    SUFFIXES,
    FileKind,
    FileOffer,
    FileRefused,
    FolderFiles,
    checked,
)
from kiosk.devices.picture import MEDIA_TYPE, Flaw, flaws_in
from kiosk.forms.entry import Attachment, Question
from kiosk.language import N_, _, format_number
from kiosk.screens.answer import Answer
from kiosk.screens.keys import combining
from kiosk.screens.photo_answer import FLAWS, VIEW_PX
from kiosk.screens.photo_view import view_of
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

POLL_S = 0.05
LOOK_S = 1.0  # a stick may be put in while the page is open
NAME_LENGTH_MAX = 40  # letters of a name that are shown

ANOTHER = N_("Choose another file")
KEEP = N_("Keep the file I had")
GONE = N_("This file is no longer there. Please choose another one.")
LOOKING = N_("Looking at the file…")
GIVEN = N_("%(kind)s, %(size)s kB. It is added.")
SIZE = N_("%(kind)s · %(size)s kB")
KIND_WORDS = {
    FileKind.PDF: N_("PDF document"),
    FileKind.JPEG: N_("Picture"),
    FileKind.PNG: N_("Picture"),
    FileKind.MP3: N_("Recording"),
    FileKind.OGG: N_("Recording"),
    FileKind.WAV: N_("Recording"),
}
ICONS = {FileKind.PDF: "document", FileKind.JPEG: "camera", FileKind.PNG: "camera"}


def size_words(size_bytes: int) -> str:
    """The size in whole kilobytes."""
    return format_number(max(round(size_bytes / 1000), 1))


@dataclass(frozen=True, slots=True)
class Given:
    """What is chosen, in words."""

    words: str
    icon: str

    @classmethod
    def of(cls, attachment: Attachment) -> "Given":
        """A given file."""
        kind = FileKind(attachment.media_type)
        size = size_words(len(attachment.data))
        return cls(_(GIVEN, kind=_(KIND_WORDS[kind]), size=size), ICONS.get(kind, "listen"))


class FileRow(Tappable):
    """One file to choose."""

    text = StringProperty("")
    detail = StringProperty("")
    icon = StringProperty("document")

    def __init__(self, offer: FileOffer, kind: FileKind) -> None:
        super().__init__()
        self.offer, self.kind = offer, kind
        self.text = shortened(offer.name)
        self.icon = ICONS.get(kind, "listen")


def shortened(name: str) -> str:
    """A file's name as one line; what cannot be shown is left out."""
    plain = "".join(character for character in name if character.isprintable())
    if len(plain) <= NAME_LENGTH_MAX:
        return plain
    half = NAME_LENGTH_MAX // 2
    start, end = plain[:half], plain[-half:]
    while combining(end[0]):  # a mark without its letter
        end = end[1:]
    return f"{start}…{end}"


class FileAnswer(Answer):
    """Choosing a file, and what was chosen."""

    kinds: tuple[FileKind, ...] = PAPERS
    another, keep = ANOTHER, KEEP

    told = StringProperty("")  # instead of files: that there are none, or that we are looking
    given = StringProperty("")  # what was chosen, in words
    given_icon = StringProperty("document")
    advice = StringProperty("")  # what is doubtful about a chosen picture
    view = ObjectProperty(None, allownone=True)  # a chosen picture's texture
    choosing = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None
        self._seen: bytes | None = None
        self._flaws: frozenset[Flaw] = frozenset()
        self._darkroom = Darkroom()
        self._offers: tuple[FileOffer, ...] = ()
        self._rows: list[FileRow] = []
        self._polling = Clock.schedule_interval(lambda _dt: self._develop(), POLL_S)
        self._looking = Clock.schedule_interval(lambda _dt: self._look_around(), LOOK_S)

    @property
    def _source(self) -> FolderFiles | None:
        source: FolderFiles | None = self.page.shell.devices.files
        return source

    @property
    def _attachment(self) -> Attachment | None:
        question = self._question
        if question is None or not question.value:
            return None
        return self.page.entry.attachment(question.path)

    def show(self, question: Question) -> None:
        """Show what was chosen, or what there is to choose from."""
        self._question = question
        attachment = self._attachment
        self.choosing = self.choosing or attachment is None
        self._show_given(attachment)
        self._lay()
        self._say()

    def _show_given(self, attachment: Attachment | None) -> None:
        data = attachment.data if attachment is not None else None
        if data != self._seen:
            self._seen = data
            is_picture = attachment is not None and attachment.media_type == MEDIA_TYPE
            self.view = view_of(data, VIEW_PX) if data is not None and is_picture else None
            self._flaws = flaws_in(data) if data is not None and is_picture else frozenset()
        shown = Given.of(attachment) if attachment is not None else Given("", "document")
        self.given, self.given_icon = shown.words, shown.icon
        doubts = (_(FLAWS[flaw]) for flaw in FLAWS if flaw in self._flaws)
        self.advice = next(doubts, "")

    def _say(self) -> None:
        """What there is to do, and the other way on."""
        attachment = self._attachment
        if not self.choosing:
            self.aside = _(self.another)
        else:
            self.aside = _(self.keep) if attachment is not None else ""
        self.told = self._instead() if self.choosing else ""
        self.turns = self.ids.files if self.choosing and not self.told else None
        question = self._question
        if question is not None and question.required and self._nothing_here:
            self.page.excuse(question.path)  # nobody is turned away for want of a stick

    def _instead(self) -> str:
        """What is said where the list would stand."""
        if self._darkroom.busy:
            return _(LOOKING)
        return "" if self._rows else _(NO_FILES)

    @property
    def _nothing_here(self) -> bool:
        """Whether there is no way at all to answer."""
        return not self._rows and self._attachment is None and not self._darkroom.busy

    @property
    def _lists(self) -> bool:
        """Whether the files stand there to be chosen."""
        return self.choosing and self._source is not None

    def _lay(self) -> None:
        source = self._source
        offers = source.offers(self.kinds) if source is not None and self._lists else ()
        if offers != self._offers:
            self._offers = offers
            self._rows = [self._row(offer) for offer in offers]
            self.ids.files.show(list(self._rows))
            if not offers:
                self.ids.files.turn(0)  # at once: no row may take a touch from what comes there
        for row in self._rows:
            size = size_words(row.offer.size_bytes)
            row.detail = _(SIZE, kind=_(KIND_WORDS[row.kind]), size=size)

    def _row(self, offer: FileOffer) -> FileRow:
        row = FileRow(offer, _kind_by_name(offer, self.kinds))
        row.bind(on_release=lambda held: self.choose(held.offer))
        return row

    def _look_around(self) -> None:
        if self.choosing and self._question is not None and self._source is not None:
            self._lay()
            self._say()

    def choose(self, offer: FileOffer) -> None:
        """A file was touched."""
        data = self._source.read(offer) if self._source is not None else None
        if data is None:
            self.page.complain(GONE)
            return
        try:
            kind = checked(data, self.kinds)
        except FileRefused as problem:
            self.page.complain(str(problem))
            return
        if kind in PICTURES:
            self._darkroom.ask(data)
            self._say()
        else:
            self._keep(data, kind.value)

    def _develop(self) -> None:
        answer = self._darkroom.poll()
        if answer is None:
            return
        if isinstance(answer, Refusal):
            self.page.complain(answer.message)
        else:
            self._keep(answer.data, MEDIA_TYPE)

    def _keep(self, data: bytes, media_type: str) -> None:
        if self._question is not None:
            self.choosing = False
            self.page.attach(self._question.path, data, media_type)

    def take_aside(self) -> None:
        """Look at the others again; or keep the one she had."""
        self.choosing = not self.choosing
        self.page.refresh()

    def close(self) -> None:
        """End the darkroom and forget the file."""
        self._polling.cancel()
        self._looking.cancel()
        self._darkroom.close()
        self._seen = None
        self._question = None
        self.view = None


def _kind_by_name(offer: FileOffer, kinds: tuple[FileKind, ...]) -> FileKind:
    """What the name promises, for the list only."""
    ending = "." + offer.name.rpartition(".")[2].lower()
    return SUFFIXES.get(ending, kinds[0])


load_rules(__file__)
