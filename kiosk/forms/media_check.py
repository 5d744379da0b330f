"""Which texts of a form nobody has recorded: who cannot read hears only what was read aloud.

A workbook names the recordings in columns such as `audio::Lao (lo)`. A text without one is no
mistake, for recording takes time, so the missing ones are listed for whoever holds the microphone;
a recording or a picture that is named and not there is a mistake.
"""

from collections.abc import Collection, Iterator

from kiosk.forms.descriptor import ServiceDescriptor, ServiceKind
from kiosk.forms.finding import N_, Finding, Place, error, note
from kiosk.forms.parts import RECORDABLE, RECORDED_PURPOSES
from kiosk.forms.survey_check import WITHOUT_LABEL
from kiosk.forms.workbook import CHOICES, SURVEY, Row, Sheet, Workbook

AUDIO, IMAGE = "audio", "image"
RANGES_SHOWN_MAX = 20
DESCRIPTOR = "descriptor.yaml"
RECORDING_ENDINGS = (".ogg", ".mp3", ".wav")
RECORDING_MISSING = N_("The recording %(name)s is not in the folder media.")


def check_media(workbook: Workbook, media: Collection[str]) -> Iterator[Finding]:
    """Recordings and pictures that are named and are not in the folder media."""
    sentences = {
        AUDIO: RECORDING_MISSING,
        IMAGE: N_("The picture %(name)s is not in the folder media."),
    }
    for sheet in (workbook.sheet(SURVEY), workbook.sheet(CHOICES)):
        for kind, sentence in sentences.items():
            for heading in (*sheet.columns_of(kind).values(), kind):
                for row in sheet.rows:
                    name = row.get(heading)
                    if name and name not in media:
                        yield error(row.place(heading), sentence, name=name[:80])


def check_sheet_media(service: ServiceDescriptor, media: Collection[str]) -> Iterator[Finding]:
    """Recordings that the description names and that are not in the folder media, or are none."""
    for part, names in service.recordings.items():
        place = Place(DESCRIPTOR, None, f"recordings.{part}")
        for name in names.values():
            if name not in media:
                yield error(place, RECORDING_MISSING, name=name[:80])
            elif not name.endswith(RECORDING_ENDINGS):
                yield error(place, N_("%(name)s is no recording."), name=name[:80])


def unrecorded_sheet(service: ServiceDescriptor) -> Iterator[Finding]:
    """The parts of the service sheet that nobody has recorded, by language."""
    if service.kind is ServiceKind.FEEDBACK:  # which has no sheet
        return
    told = [part for part in RECORDABLE if part != RECORDED_PURPOSES or service.purposes]
    for language in service.languages:
        missing = [part for part in told if service.recording(part, language) is None]
        if missing:
            sentence = N_(
                "The service sheet has no recording in the language %(language)s of: %(parts)s."
            )
            place = Place(DESCRIPTOR, None, "recordings")
            yield note(place, sentence, language=language, parts=", ".join(missing))


def unrecorded(workbook: Workbook, languages: tuple[str, ...]) -> Iterator[Finding]:
    """The rows whose words nobody has recorded, by sheet and language."""
    for sheet in (workbook.sheet(SURVEY), workbook.sheet(CHOICES)):
        spoken = [row for row in sheet.rows if _has_words(sheet, row)]
        columns = sheet.columns_of(AUDIO)
        for language in languages:
            heading = columns.get(language, AUDIO)
            missing = [row.number for row in spoken if not row.get(heading)]
            if missing:
                place = Place(sheet.name, None, columns.get(language))
                sentence = N_(
                    "%(count)s of %(all)s texts have no recording in the language %(language)s: "
                    "rows %(rows)s."
                )
                counts = {"count": len(missing), "all": len(spoken)}
                rows = in_ranges(missing)
                yield note(place, sentence, **counts, language=language, rows=rows)


def in_ranges(numbers: list[int]) -> str:
    """`2-5, 8` for 2, 3, 4, 5 and 8."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    shown = ["-".join(map(str, ends)) for ends in ranges[:RANGES_SHOWN_MAX]]
    return ", ".join([*shown, "..."] if len(ranges) > RANGES_SHOWN_MAX else shown)


def _has_words(sheet: Sheet, row: Row) -> bool:
    if sheet.name == SURVEY and (not row.get("type") or row.get("type") in WITHOUT_LABEL):
        return False
    return any(row.get(heading) for heading in sheet.columns_of("label").values())
