"""What pyxform, the converter, says of a workbook, in sentences of ours.

pyxform's sentences are English and speak of XForms; a clerk reads her own language and wants to
know which cell to change to what. So each sentence that pyxform can raise while it converts has
one of ours here, and a test walks pyxform's sources: a new release that says something new is met
there, and until then its own words are shown behind "The converter says", so that nothing is lost.
"""

import re
from collections.abc import Mapping
from string import Formatter
from typing import NamedTuple

from pyxform.errors import ErrorCode

from kiosk.forms.errors import N_
from kiosk.forms.finding import Finding, Place, error
from kiosk.forms.workbook import CHOICES, FILE, SETTINGS, SURVEY

NO_ENTITIES = N_(
    "A kiosk keeps no lists of entities. Remove the column save_to and the sheet entities."
)
NO_AUDIT = N_("A kiosk does not watch how people answer. Remove this row.")
NO_POSITION = N_("A kiosk does not know where it stands. Remove this row.")
NO_SEARCH = N_("search() is not understood here. Use select_one_from_file with a choice_filter.")
NO_EXTERNAL = N_("select_one_external is not understood here. Use select_one_from_file with a CSV.")
NO_LOOP = N_("loop is not understood here. Use begin_repeat.")
OWN_FAULT = N_(
    "The converter stumbled over a cell (%(problem)s). Undo your last changes one by one, or show "
    "this to whoever looks after the program."
)
WRITTEN_SO = N_("A question is named like ${full_name}. Look at $, { and } in this cell.")
NO_QUESTION = N_("There is no question named %(q)r. Write its name as it stands under name.")
SEVERAL = N_("The name %(q)r stands in several places. Give each question its own name.")
ILL_NAMED = N_("A name begins with a Latin letter or _ and holds only Latin letters, digits, _ - .")
TWO_ENDS = N_("With no-ticks the list of labels has two choices, named as start and end are.")
SAME_LIST = N_(
    "Two lists are named %(name)r: one in the sheet choices, one in a file, or both in files. "
    "Rename one."
)
NO_OTHER = N_(
    "or_other shows English words to everybody. Add a choice such as other to the list, "
    "in each language, and a text question after it."
)


class Known(NamedTuple):
    """A sentence of ours, and where it points if pyxform's does not say."""

    sentence: str
    column: str | None = None
    sheet: str | None = None


# By the name of pyxform's ErrorCode; what stands in { } there can stand in %( ) here
BY_CODE: Mapping[str, Known] = {
    **{f"ENTITY_{number:03}": Known(NO_ENTITIES, "save_to") for number in range(1, 14)},
    "HEADER_001": Known(
        N_("The column %(header)r of the sheet %(sheet_name)s is not known. Rename or remove it.")
    ),
    "HEADER_002": Known(N_("The columns %(other)s and %(header)s mean the same. Remove one.")),
    "HEADER_003": Known(
        N_("The sheet %(sheet_name)s has no column %(missing)s. Write it into row 1.")
    ),
    "HEADER_004": Known(N_("A heading is empty or has blanks in it. Rename it, or use _.")),
    "HEADER_005": Known(NO_ENTITIES),
    "INTERNAL_001": Known(OWN_FAULT),
    "INTERNAL_002": Known(OWN_FAULT),
    "LABEL_001": Known(N_("The choice has no label. Write one in each language.")),
    "NAMES_001": Known(
        N_("The name %(value)r stands in this group already. Give this question another one."),
        "name",
    ),
    "NAMES_002": Known(
        N_(
            "Another name differs from %(value)r only in capital letters, and some programs take "
            "them for one. Rename it."
        ),
        "name",
    ),
    "NAMES_003": Known(N_("A repeat must not be named as the whole form is. Rename it."), "name"),
    "NAMES_004": Known(
        N_("Another repeat is named %(value)r. Give this one another name."), "name"
    ),
    "NAMES_005": Known(
        N_("The name meta belongs to the form itself. Give the question another one."), "name"
    ),
    "NAMES_006": Known(N_("The choice has no name. Write one under name."), "name"),
    "NAMES_007": Known(
        N_("Another choice of this list has the same name. Give each its own."), "name"
    ),
    "NAMES_008": Known(ILL_NAMED),
    "NAMES_009": Known(ILL_NAMED, "name"),
    "NAMES_010": Known(NO_ENTITIES),
    "NAMES_011": Known(NO_ENTITIES),
    "NAMES_012": Known(NO_ENTITIES),
    "NAMES_013": Known(
        N_("There is no sheet %(sheet)s. Is one of these meant: %(candidates)s? Rename it."),
    ),
    "NAMES_014": Known(NO_ENTITIES),
    "NAMES_015": Known(NO_ENTITIES),
    "PYREF_001": Known(WRITTEN_SO),
    "PYREF_002": Known(N_("Put a comma between one ${...} and the next.")),
    "PYREF_003": Known(NO_QUESTION),
    "PYREF_004": Known(SEVERAL),
    "RANGE_001": Known(N_("%(name)s of a range must be a number.")),
    "RANGE_002": Known(N_("%(name)s of a range must not be 0.")),
    "RANGE_003": Known(N_("%(name)s is larger than the whole range. Write a smaller number.")),
    "RANGE_004": Known(N_("%(name)s must be a multiple of step.")),
    "RANGE_005": Known(N_("%(name)s must lie between start and end.")),
    "RANGE_006": Known(N_("tick_labelset must name a list of the sheet choices.")),
    "RANGE_007": Known(TWO_ENDS),
    "RANGE_008": Known(
        N_(
            "tick_interval, placeholder and tick_labelset do not go with this appearance. "
            "Remove them, or take vertical or no-ticks."
        )
    ),
    "RANGE_009": Known(N_("Each choice in the list of labels must be named by a number.")),
    "RANGE_010": Known(N_("Each choice in the list of labels must lie between start and end.")),
    "RANGE_011": Known(
        N_("Each choice in the list of labels must be start and a multiple of %(name)s.")
    ),
    "RANGE_012": Known(TWO_ENDS),
    "SURVEY_001": Known(N_("Nothing begins that could end here."), "type"),
    "SURVEY_002": Known(
        N_("What begins here does not end: a row end_%(type)s is missing."), "type"
    ),
    "SURVEY_003": Known(N_("incremental must be true. Otherwise leave it out."), "parameters"),
    "SURVEY_004": Known(N_("Parameters are written like start=1 end=5, with a blank between.")),
    "SURVEY_005": Known(
        N_("This type has no parameter %(rejected)s. It knows: %(accepted)s."),
    ),
    "SURVEY_006": Known(N_("reference-geometry must name a list or a repeat.")),
    "SURVEY_007": Known(N_("capture-accuracy must be a number.")),
    "SURVEY_008": Known(N_("warning-accuracy must be a number.")),
    "SURVEY_009": Known(N_("allow-mock-accuracy must be true or false.")),
}

# By a part of what it says, for what has no code
BY_WORDS: tuple[tuple[str, Known], ...] = (
    (r"There should be choices", Known(N_("The question has no choices. Name a list."), "type")),
    (
        r"Unknown question type '(?P<kind>[^']*)'",
        Known(N_("There is no type %(kind)r."), "type", SURVEY),
    ),
    (
        r"question \$\{(?P<name>[^}]*)\} is not user-visible.*question \$\{(?P<other>[^}]*)\}",
        Known(
            N_(
                "Nobody is asked %(name)r, so it cannot trigger %(other)r. Name a question that is "
                "asked."
            ),
            "type",
            SURVEY,
        ),
    ),
    (
        r"empty id_string",
        Known(N_("The form has no form_id."), "form_id", SETTINGS),
    ),
    (r"The name '(?P<name>[^']*)' was found", Known(SAME_LIST, sheet=SURVEY)),
    (r"same instance id.*Instance name: '(?P<name>[^']*)'", Known(SAME_LIST, sheet=SURVEY)),
    (r"Question '(?P<name>[^']*)'.*'search\(\)'", Known(NO_SEARCH, "appearance", SURVEY)),
    (
        r"Media type: (?P<kind>.*) not supported",
        Known(
            N_("There is no media::%(kind)s. Use image, audio, video or big-image."), None, SURVEY
        ),
    ),
    (r"no survey element named '(?P<q>[^']*)'", Known(NO_QUESTION, sheet=SURVEY)),
    (r"multiple survey elements named '(?P<q>[^']*)'", Known(SEVERAL, sheet=SURVEY)),
    (
        r"survey element named '(?P<name>[^']*)' has no label",
        Known(N_("The question has no label. Write one in each language."), "label", SURVEY),
    ),
    (
        r"To use big-image.*named (?P<name>\S+?)\.?$",
        Known(N_("big-image needs a picture under image, too."), "big-image", SURVEY),
    ),
    (
        r"should end with one of",
        Known(N_("A list in a file is named like villages.csv or villages.xml."), "type"),
    ),
    (
        r"You must have a sheet named '(?P<sheet>[^']*)'",
        Known(N_("The sheet %(sheet)s is missing or empty."), None, FILE),
    ),
    (
        r"Question with no type|without name, text, or label",
        Known(N_("The row has no type, such as text or select_one."), "type"),
    ),
    (r"Audits must|location information in the audit", Known(NO_AUDIT, "type", SURVEY)),
    (r"track-changes|identify-user|location-\w+", Known(NO_AUDIT, "parameters", SURVEY)),
    (r"Missing calculation", Known(N_("A calculate needs a calculation."), "calculation")),
    (
        r"Question or group with no name",
        Known(N_("The question has no name, such as full_name."), "name"),
    ),
    (r"Repeat loop|not in columns sheet", Known(NO_LOOP, "type")),
    (r"external choices|external_choices|select one external", Known(NO_EXTERNAL, "type", SURVEY)),
    (
        r"should be a choices sheet",
        Known(
            N_("A question chooses from a list, but the sheet choices has none. Write the list."),
            None,
            CHOICES,
        ),
    ),
    (
        r"not in choices sheet: (?P<name>.*)",
        Known(N_("There is no list named %(name)r in the sheet choices."), "type"),
    ),
    (
        r"Choice names with spaces.*\[(?P<name>[^\]]*)\] in \[(?P<list>[^\]]*)\]",
        Known(
            N_("The choice %(name)r of the list %(list)r has a blank in its name. Use _ instead."),
            "name",
            CHOICES,
        ),
    ),
    (r"or_other|'or other'", Known(NO_OTHER, "type", SURVEY)),
    (r"randomize must be", Known(N_("randomize must be true or false."), "parameters", SURVEY)),
    (
        r"seed value must be",
        Known(N_("seed must be a number or a question such as ${age}."), "parameters", SURVEY),
    ),
    (
        r"to use a seed",
        Known(N_("seed needs randomize=true beside it."), "parameters", SURVEY),
    ),
    (
        r"not supported for table-list",
        Known(
            N_("choice_filter does not go with the appearance table-list. Remove one of them."),
            "choice_filter",
        ),
    ),
    (
        r"Badly formatted table list.*match: (?P<first>.*) vs\. (?P<other>.*)",
        Known(
            N_(
                "All questions of a table-list choose from one list; here they choose from "
                "%(first)s and %(other)s."
            ),
            "type",
        ),
    ),
    (
        r"Parameter rows must",
        Known(N_("rows must be a whole number."), "parameters", SURVEY),
    ),
    (
        r"Parameter max-pixels must",
        Known(N_("max-pixels must be a whole number."), "parameters", SURVEY),
    ),
    (
        r"max-pixels parameter",
        Known(N_("A kiosk makes pictures small itself: leave this as it is."), "parameters"),
    ),
    (
        r"Parameter 'app'|Android package",
        Known(N_("A kiosk starts no other app. Remove the parameter app."), "parameters"),
    ),
    (
        r"Invalid value for quality",
        Known(N_("quality must be voice-only, low, normal or external."), "parameters", SURVEY),
    ),
    (
        r"Cannot omit instanceID",
        Known(
            N_("A kiosk encrypts by itself. Remove omit_instanceID and public_key."),
            "omit_instanceID",
            SETTINGS,
        ),
    ),
    (r"'background-geopoint' questions", Known(NO_POSITION, "type", SURVEY)),
    (
        r"form_id and id_string",
        Known(N_("form_id and id_string mean the same. Remove id_string."), "id_string", SETTINGS),
    ),
    (
        r"The 'disabled' column",
        Known(N_("The column disabled is old. Use relevant instead."), "disabled"),
    ),
    (
        r"^(?P<kind>\S+) is no longer supported",
        Known(N_("No kiosk can tell %(kind)s. Remove this row."), "type"),
    ),
    (
        r"^(?:Group|Repeat|\w+) has no label: ",
        Known(N_("This part of the form has no label, so people do not read its name."), "label"),
    ),
    (
        r"machine-readable codes: (?P<names>.*?)\. Learn",
        Known(
            N_("Name each language with its code, such as Lao (lo). These have none: %(names)s."),
            None,
            SURVEY,
        ),
    ),
    (
        r"Language '(?P<language>[^']*)' is missing the (?P<sheet>\w+) (?P<columns>[^.]*)",
        Known(N_("The language %(language)s lacks this in the sheet %(sheet)s: %(columns)s.")),
    ),
    (
        r"Invalid value for `|has not been included|must not both be None|Expected a sequence",
        Known(OWN_FAULT),
    ),
)

_ROW = re.compile(r"\[row : (\d+)\]\s*")
_TEMPLATE_ROW = re.compile(r"\[row : [^\]]*\] ")
_SHEET = re.compile(r"[Oo]n the '([^']+)' sheet|for sheet: '([^']+)'")
_COLUMN = re.compile(r"the '([^']+)' value")


def _pattern(template: str) -> re.Pattern[str]:
    """What finds a message that was made of pyxform's template, its places by their names."""
    pattern = ""
    for text, name, _spec, _conversion in Formatter().parse(_TEMPLATE_ROW.sub("", template)):
        pattern += re.escape(text)
        if name:
            pattern += f"(?P={name})" if f"(?P<{name}>" in pattern else f"(?P<{name}>.*?)"
    # the part from "Learn more" may be cut off, and says nothing
    return re.compile(pattern.split(re.escape(" Learn more:"))[0], re.DOTALL)


_PATTERNS: tuple[tuple[re.Pattern[str], Known], ...] = (
    *((_pattern(code.value.msg), BY_CODE[code.name]) for code in ErrorCode if code.name in BY_CODE),
    *((re.compile(pattern, re.DOTALL), known) for pattern, known in BY_WORDS),
)

# What pyxform says where it knows neither row nor cell
_NAMES = {code.value.name: BY_CODE[code.name] for code in ErrorCode if code.name in BY_CODE}


def find_known(message: str) -> tuple[Known, dict[str, str]] | None:
    """Our sentence for pyxform's, with what is put into it; None for one that nobody foresaw."""
    words = _ROW.sub("", message).strip()
    if words in _NAMES:
        return _NAMES[words], {}
    for pattern, known in _PATTERNS:
        match = pattern.search(words)
        if match is not None:
            return known, {name: held or "" for name, held in match.groupdict().items()}
    return None


def finding_of(message: str, rows: Mapping[str, int]) -> Finding:
    """The message of pyxform as ours, at the cell that it names; `rows` says where names stand."""
    words = _ROW.sub("", message).split(" Learn more:")[0].strip()
    found = find_known(message)
    known, places = found or (Known(N_("The converter says: %(problem)s")), {})
    if "%(problem)s" in known.sentence:
        places = {"problem": words}
    row, sheet, column = _ROW.search(message), _SHEET.search(words), _COLUMN.search(words)
    number = int(row[1]) if row else rows.get(places.get("name", ""))
    named = (sheet[1] or sheet[2]) if sheet else known.sheet
    place = Place(
        named or (SURVEY if number else FILE),
        number if named != FILE else None,
        column[1] if column else known.column,
    )
    return error(place, known.sentence, **places)


def findings_of(message: str, rows: Mapping[str, int]) -> list[Finding]:
    """The same for a message of several lines, where each says something of its own."""
    lines = message.splitlines()
    if len(lines) > 1 and all(find_known(line) for line in lines):
        return [finding_of(line, rows) for line in lines]
    return [finding_of(message, rows)]
