"""Made-up applications: a form filled by chance, to train its compression dictionary.

Answers are small and much alike, so a dictionary trained on a few hundred of them makes each
sealed body about half as long: on a satellite line that is money. No real answer is ever used.
The walk goes through the real `Entry` with a fixed seed, day and hour, so the same form gives the
same bytes (unless the form itself draws lots).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from random import Random
from typing import Any

import cbor2
import zstandard

from kiosk.forms.definition import ATTACHING, Definition, QuestionKind, Table
from kiosk.forms.entry import Entry, Question

SEED = 20261101
SAMPLES = 80  # more make bodies less than 1 % shorter
SAMPLES_LEAST = 20
ANSWERS_MAX = 10_000  # over all walks: a long form teaches as much with fewer
CHOICES_SEEN_MAX = 200_000  # over all walks: each lists every choice of its questions
DICTIONARY_BYTES_MAX = 8 * 1024
RAW_BYTES_MAX = 4 * 1024  # of a dictionary that is only examples
TODAY = date(2026, 11, 2)  # the walk must not depend on the day of publishing
NOW = datetime(2026, 11, 2, 2, 30, tzinfo=UTC)  # nor on the hour
TRIES = 40  # for an answer that the question's constraint takes
QUESTIONS_MAX = 2_000
SKIP_SHARE = 0.3  # of optional questions left empty
ANOTHER_SHARE = 0.4  # of repeats that get one more instance, and of these again
PICTURE = b"\xff\xd8\xff\xd9"  # the shortest thing with a JPEG's two ends

# Lao names and places are built from syllables such as these; whole names would only teach the
# dictionary our own list.
TITLES = ("ນາງ ", "ທ້າວ ", "ທ່ານ ", "ບ້ານ", "ຮ້ານ", "")
SYLLABLES = (
    *("ຄຳ", "ບຸນ", "ສົມ", "ມະ", "ນີ", "ວົງ", "ສຸ", "ພອນ", "ແກ້ວ", "ຈັນ", "ທອງ", "ວິ", "ໄລ", "ສີ"),
    *("ພົມ", "ຫຼ້າ", "ນ້ອຍ", "ແສງ", "ດາວ", "ສະ", "ຫວັນ", "ອິນ", "ທະ", "ລາ", "ໄຊ", "ຍະ", "ພັນ", "ເພັດ"),
    *("ດອນ", "ນາ", "ໂພນ", "ຫ້ວຍ", "ແດງ", "ໜອງ", "ບົວ", "ມີ", "ຈິດ", "ຕະ", "ປາ", "ກົກ", "ສຸກ", "ເຮືອງ"),
)
DIGITS = ("02055512345", "030555123", "021212345")


def sample_records(
    definition: Definition, *, count: int = SAMPLES, seed: int = SEED
) -> list[dict[str, Any]]:
    """Filled applications; fewer than asked where chance finds no way, or the form is very long."""
    chance = Random(seed)  # noqa: S311 - example answers, not secrets
    rows = sum(len(held.rows) for held in definition.lists.values() if isinstance(held, Table))
    questions = sum(1 for _ in definition.controls())
    enough = min(CHOICES_SEEN_MAX // max(rows, 1), ANSWERS_MAX // max(questions, 1))
    count = min(count, max(SAMPLES_LEAST, enough))
    walks = (_walk(definition, chance) for _ in range(count))
    return [record for record in walks if record is not None]


def train_dictionary(records: list[dict[str, Any]]) -> bytes:
    """A zstd dictionary for such records.

    A tiny form gives the trainer too little to go by; then the examples themselves serve, which
    zstd takes as well.
    """
    samples: list[bytes | bytearray | memoryview[int]] = [
        cbor2.dumps(record, canonical=True) for record in records
    ]
    try:
        trained = zstandard.train_dictionary(DICTIONARY_BYTES_MAX, samples)
        return trained.as_bytes()
    except (zstandard.ZstdError, ValueError):
        return b"".join(samples)[-RAW_BYTES_MAX:]


def _walk(definition: Definition, chance: Random) -> dict[str, Any] | None:
    language = chance.choice(definition.languages or ("lo",))
    entry = Entry(definition, language=language, today=TODAY, now=lambda: NOW)
    for section in definition.sections():
        while (
            section.repeats and chance.random() < ANOTHER_SHARE and entry.add_repeat(section.path)
        ):
            pass
    for question in islice(entry.ask_all(), QUESTIONS_MAX):
        _answer(entry, question, chance)
    return None if entry.go_to_end() else dict(entry.record())


def _answer(entry: Entry, question: Question, chance: Random) -> None:
    """A value that the question takes; nothing where it may be empty and chance says so."""
    make = MAKERS.get(question.kind)
    if question.readonly:
        return
    if make is None and question.kind not in ATTACHING:
        entry.excuse(question.path)  # no kiosk has a device for it
        return
    if not question.required and chance.random() < SKIP_SHARE:
        return
    if question.kind in ATTACHING:
        entry.attach(question.path, PICTURE, "image/jpeg")
        return
    assert make is not None  # whatever is not attached has one, or was left out
    for _ in range(TRIES):
        if entry.answer(question.path, make(question, chance)) is None:
            return
    if not question.required:
        entry.answer(question.path, "")


def _text(question: Question, chance: Random) -> str:
    if "numbers" in question.appearance:
        return chance.choice(DIGITS)
    words = ("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(2))
    return chance.choice(TITLES) + " ".join(words)


def _integer(_question: Question, chance: Random) -> str:
    """Small numbers mostly, some years and sums of money."""
    low, high = chance.choice(((0, 10), (0, 10), (1, 120), (1950, 2026), (100_000, 90_000_000)))
    return str(chance.randint(low, high))


def _day(chance: Random) -> date:
    return date.fromordinal(chance.randint(date(1940, 1, 1).toordinal(), TODAY.toordinal()))


def _partial_date(_question: Question, chance: Random) -> str:
    return _day(chance).isoformat()[: chance.choice((4, 7, 10, 10))]


def _one(question: Question, chance: Random) -> str:
    return chance.choice(question.choices).name if question.choices else ""


def _several(question: Question, chance: Random) -> str:
    names = [choice.name for choice in question.choices]
    picked = chance.sample(names, min(len(names), chance.randint(1, 3)))
    return " ".join(name for name in names if name in picked)


def _ranked(question: Question, chance: Random) -> str:
    names = [choice.name for choice in question.choices]
    return " ".join(chance.sample(names, len(names)))


def _hour(chance: Random) -> str:
    return f"{chance.randint(6, 18):02}:{chance.choice((0, 15, 30, 45)):02}:00.000+07:00"


MAKERS: Mapping[QuestionKind, Callable[[Question, Random], str]] = {
    QuestionKind.TEXT: _text,
    QuestionKind.INTEGER: _integer,
    QuestionKind.DECIMAL: _integer,
    QuestionKind.RANGE: _integer,
    QuestionKind.DATE: lambda _question, chance: _day(chance).isoformat(),
    QuestionKind.PARTIAL_DATE: _partial_date,
    QuestionKind.SELECT_ONE: _one,
    QuestionKind.SELECT_MULTIPLE: _several,
    QuestionKind.ACKNOWLEDGE: lambda _question, _chance: "OK",
    QuestionKind.TIME: lambda _question, chance: _hour(chance),
    QuestionKind.DATE_TIME: lambda _question, chance: f"{_day(chance).isoformat()}T{_hour(chance)}",
    QuestionKind.RANK: _ranked,
    QuestionKind.BARCODE: lambda _question, chance: chance.choice(DIGITS),
}
