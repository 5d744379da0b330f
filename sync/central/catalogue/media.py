"""The recordings and pictures of a service, as the preview plays and shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse

from kiosk.forms.bundle import Bundle
from kiosk.forms.definition import Control, Words
from sync.central.catalogue.form_view import FormView

PREFIX: Final = "jr://"  # before the name of a file: jr://audio/name_lo.ogg
KINDS: Final = {
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "png": "image/png",
    "jpg": "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class Medium:
    """A recording or a picture beside words."""

    name: str
    words: str  # what it says or shows
    is_sound: bool
    address: str


def medium_response(bundle: Bundle | None, name: str) -> HttpResponse:
    """A file of the service's folder media; nothing in it runs."""
    note = bundle.descriptor.form if bundle else None
    kind = KINDS.get(name.rpartition(".")[2])
    if bundle is None or note is None or kind is None or name not in note.media:
        raise Http404
    response = HttpResponse(bundle.file(name), content_type=kind)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def of_question(form: FormView, control: Control, place: str) -> tuple[Medium, ...]:
    """What belongs to a question and its choices; a picture of all languages stands once."""
    words = [control.label, *form.choice_words(control)]
    found = (medium for one in words if one for medium in _of_words(form, one, place))
    return tuple({medium.name: medium for medium in found}.values())


def of_sheet(bundle: Bundle, part: str, code: str, words: str, place: str) -> tuple[Medium, ...]:
    """What was recorded of a part of the sheet in a language."""
    name = bundle.descriptor.recording(part, code)
    return (_medium(name, words, place),) if name else ()


def _of_words(form: FormView, words: Words, place: str) -> Iterator[Medium]:
    for code in form.languages:
        for shape in ("audio", "image"):
            name = form.medium(words, code, shape).rpartition("/")[2]
            if name:
                yield _medium(name, form.words(words, code), place)


def _medium(name: str, words: str, place: str) -> Medium:
    kind = KINDS.get(name.rpartition(".")[2], "")
    return Medium(name, words, kind.startswith("audio/"), f"{place}media/{name}")
