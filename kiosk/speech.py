"""What commands say at a terminal, and in which language: Lao or English.

The language is what `--language` says, else KIOSK_LANGUAGE (CENTRAL_LANGUAGE at central), else
`technician_language` in the kiosk's settings, else the system's own; else it is English, which
every terminal can show. It is apart from the language of the screen, which belongs to the citizen
who stands there.

English is what stands in the code; only for Lao are the catalogues read, because help must be
instant. The words of Python's own parser of command lines are ours to translate too: it asks
gettext for each at the moment it speaks, and here it asks us.
"""

import argparse
import errno
import sys
import textwrap
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from kiosk.config import LANGUAGES
from sync.sentence import N_, Sentence

FALL_BACK = "en"
VARIABLE = "KIOSK_LANGUAGE"
SETTING = "technician_language"
OPTION = "--language"
_OF_THE_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX: the first that is set counts
_LAO_SAMPLE = "ລາວ"

# Said by the parser of command lines, word for word (argparse of Python 3.11 to 3.13).
_OF_THE_PARSER = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("unrecognized arguments: %s"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("expected %s argument"),
    N_("expected %s arguments"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("%(prog)s: error: %(message)s\n"),
)
# Said by the operating system (glibc), which knows them in English only.
_OF_THE_SYSTEM_S_TROUBLES = {
    errno.ENOENT: N_("No such file or directory"),
    errno.EACCES: N_("Permission denied"),
    errno.EPERM: N_("Operation not permitted"),
    errno.ENOSPC: N_("No space left on device"),
    errno.EROFS: N_("Read-only file system"),
    errno.EIO: N_("Input/output error"),
    errno.EISDIR: N_("Is a directory"),
    errno.ENOTDIR: N_("Not a directory"),
    errno.EEXIST: N_("File exists"),
    errno.EADDRINUSE: N_("Address already in use"),
}


def _in_the_kiosk_s_words(code: str, message: str) -> str:
    from kiosk.language import in_language  # noqa: PLC0415 - takes a moment, see above

    return in_language(code, message)


class _Spoken:
    """What changes here: the language, and the catalogue where a program has one of its own."""

    language = FALL_BACK
    look_up: Callable[[str, str], str] = staticmethod(_in_the_kiosk_s_words)


def language() -> str:
    """The language that the technician is spoken to in."""
    return _Spoken.language


def speak(code: str) -> None:
    """Speak that language from now on, the parser of command lines too."""
    _Spoken.language = code
    setattr(argparse, "_", _)  # noqa: B010 - its own name for gettext: see above
    setattr(argparse, "ngettext", _counted)  # noqa: B010 - likewise


def speak_from(look_up: Callable[[str, str], str]) -> None:
    """Look words up there: given a language and the English, it answers with the words."""
    _Spoken.look_up = staticmethod(look_up)


def _(message: str, /, **places: object) -> str:
    """The message in the technician's language with its places filled in."""
    if message and _Spoken.language != FALL_BACK:
        message = _Spoken.look_up(_Spoken.language, message)
    return message % places if places else message


def _counted(one: str, many: str, count: int) -> str:
    """Lao has one form for every number."""
    return _(one if count == 1 else many)


def said(sentence: str) -> str:
    """The sentence in the technician's language; what is no `Sentence` stays as it is."""
    if not isinstance(sentence, Sentence):
        return sentence
    places = {
        name: said(value) if isinstance(value, str) else value
        for name, value in sentence.places.items()
    }
    return _(sentence.words, **places)


def said_of(problem: Exception) -> str:
    """What is wrong, in the technician's language."""
    first = problem.args[0] if problem.args else None
    return said(first) if isinstance(first, Sentence) else str(problem)


def why(problem: OSError) -> str:
    """The system's own words for what it would not do."""
    return Sentence(problem.strerror or type(problem).__name__)


def say(sentence: str) -> None:
    """Tell the technician."""
    print(said(sentence))


def complain(sentence: str) -> None:
    """Tell what is wrong, where errors go."""
    print(f"kiosk: {said(sentence)}", file=sys.stderr)


def without_language(
    arguments: Sequence[str],
    wanted: str,
    environment: Mapping[str, str],
    screen: TextIO | None = None,
) -> list[str]:
    """The arguments without the language, which is chosen: it may stand anywhere among them.

    Where they name none it is the one that is `wanted` here, else the system's.
    """
    asked, rest = _asked(list(arguments))
    speak(asked or _usual(wanted, environment, screen or sys.stdout))
    return rest


def wanted_at_a_kiosk(environment: Mapping[str, str], settings: Path) -> str:
    """The language that a kiosk's commands are set to; empty: none."""
    return environment.get(VARIABLE, "") or _setting(settings)


def _asked(arguments: list[str]) -> tuple[str | None, list[str]]:
    """The language of the command line; a mistyped one is left for the parser to refuse."""
    for place, word in enumerate(arguments):
        for code in LANGUAGES:
            if word == f"{OPTION}={code}":
                return code, arguments[:place] + arguments[place + 1 :]
            if arguments[place : place + 2] == [OPTION, code]:
                return code, arguments[:place] + arguments[place + 2 :]
    return None, arguments


def _usual(wanted: str, environment: Mapping[str, str], screen: TextIO) -> str:
    """The language where the command line names none, if the terminal can write it."""
    if not wanted:
        system = next(filter(None, map(environment.get, _OF_THE_SYSTEM)), "")
        wanted = system.partition("_")[0].partition(".")[0]
    if wanted not in LANGUAGES:
        return FALL_BACK
    try:
        _LAO_SAMPLE.encode(screen.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return FALL_BACK
    return wanted


def _setting(path: Path) -> str:
    """What the kiosk's settings say; a mistake in them is told by who needs them."""
    try:
        value = tomllib.loads(path.read_text("utf-8")).get(SETTING)
    except (OSError, ValueError):
        return ""
    return value if isinstance(value, str) else ""


def folder_in(arguments: Sequence[str], otherwise: Path) -> Path:
    """The kiosk's folder that a command line names, before it is read in earnest."""
    for word, after in zip(arguments, [*arguments[1:], ""], strict=False):
        if word == "--folder" and after:
            return Path(after)
        if word.startswith("--folder="):
            return Path(word.partition("=")[2])
    return otherwise


class Parser(argparse.ArgumentParser):
    """A parser whose help breaks Lao lines between words."""

    def __init__(self, **given: object) -> None:
        given.setdefault("formatter_class", Help)
        super().__init__(**given)  # type: ignore[arg-type]  # handed through as they come


def add_language_option(parser: argparse.ArgumentParser) -> None:
    """Put it into the help; it is taken out of a command line before the parser reads that."""
    parser.add_argument(
        OPTION,
        choices=LANGUAGES,
        help=_("of these commands: lo is Lao, en is English; it may stand anywhere"),
    )


class Help(argparse.HelpFormatter):
    """Lays out help; Lao has no spaces where a line could break, and marks that take no room."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        if _Spoken.language == FALL_BACK:
            return super()._split_lines(text, width)
        return _lao_lines(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if _Spoken.language == FALL_BACK:
            return super()._fill_text(text, width, indent)
        lines = _lao_lines(" ".join(text.split()), width - len(indent))
        return textwrap.indent("\n".join(lines), indent)


def _lao_lines(text: str, width: int) -> list[str]:
    from kiosk.language import line_pieces  # noqa: PLC0415 - see above

    lines = [""]
    for piece in line_pieces(text):
        if lines[-1] and _columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _columns(text: str) -> int:
    """How wide a terminal writes it: marks above and below stand on their letter."""
    return sum(unicodedata.category(letter) != "Mn" for letter in text)
