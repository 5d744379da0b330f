"""What is asked, held against the patience of who answers: nothing twice, few things a page.

Nobody is asked the same twice in a visit (INC-12): a column `meaning`, such as `applicant.name`,
may say what a question is about, in whatever words it is asked. No page shows more than nine tiles
(INC-08): longer lists are met by page, which is only right for names that people look up.
"""

from collections import Counter
from collections.abc import Iterator

from kiosk.forms.finding import N_, Finding, error, warning
from kiosk.forms.workbook import CHOICES, SURVEY, Row, Workbook

TILES_MAX = 9  # INC-08
MEANING = "meaning"
LOOKED_UP = frozenset(("minimal", "autocomplete", "search", "quick"))  # appearances of long lists
SILENT = frozenset(("note", "calculate", "hidden"))  # nobody is asked anything


def check_asking(workbook: Workbook) -> Iterator[Finding]:
    """Questions that come twice, and pages with too much on them."""
    yield from _asked_twice(workbook)
    yield from _tiles(workbook)
    yield from _pages(workbook)


def _asked_twice(workbook: Workbook) -> Iterator[Finding]:
    meanings: dict[str, list[Row]] = {}
    words: dict[tuple[int, str, str], list[Row]] = {}
    labels = workbook.sheet(SURVEY).columns_of("label").values()
    for group, row in _questions(workbook):
        meaning = row.get(MEANING).lower()
        same = _met(meanings.setdefault(meaning, []), row) if meaning else None
        if same is not None:
            sentence = N_("What %(meaning)r means is asked in row %(row)s already.")
            yield error(row.place(MEANING), sentence, meaning=meaning, row=same.number)
            continue
        for heading in labels:
            text = " ".join(row.get(heading).casefold().split())
            same = _met(words.setdefault((group, heading, text), []), row) if text else None
            if same is not None:
                sentence = N_(
                    "The same is asked in row %(row)s already. Remove one, or say what is "
                    "different."
                )
                yield warning(row.place(heading), sentence, row=same.number)
                break


def _met(before: list[Row], row: Row) -> Row | None:
    """A row before that may be asked together with this one; different conditions may exclude."""
    rule = row.get("relevant")
    same = next((one for one in before if not rule or one.get("relevant") in ("", rule)), None)
    before.append(row)
    return same


def _questions(workbook: Workbook) -> Iterator[tuple[int, Row]]:
    """Each row that asks something, with the row of the group it stands in."""
    groups: list[int] = []
    for row in workbook.question_rows():
        kind = row.get("type").replace("_", " ")
        if kind.startswith("begin "):
            groups.append(row.number)
        elif kind.startswith("end "):
            del groups[-1:]
        elif kind.split()[0] not in SILENT:
            yield groups[-1] if groups else 0, row


def _tiles(workbook: Workbook) -> Iterator[Finding]:
    """Lists of more than nine that nobody looks a name up in."""
    count = Counter(row.get("list_name") for row in workbook.sheet(CHOICES).rows)
    looked_up = set(_lists_of_cascades(workbook))
    for row in workbook.question_rows():
        name = _list_of(row)
        if count[name] <= TILES_MAX or name in looked_up:
            continue
        if not row.get("choice_filter") and not LOOKED_UP & set(row.get("appearance").split()):
            sentence = N_(
                "%(count)s choices do not stand on one page: shorten the list to %(most)s, ask in "
                "two steps, or set the appearance minimal if people look a name up."
            )
            yield warning(row.place("type"), sentence, count=count[name], most=TILES_MAX)


def _lists_of_cascades(workbook: Workbook) -> Iterator[str]:
    """Lists such as provinces: another question's choices depend on the one chosen."""
    filters = " ".join(row.get("choice_filter") for row in workbook.question_rows())
    for row in workbook.question_rows():
        if "${" + row.get("name") + "}" in filters.replace(" ", ""):
            yield _list_of(row)


def _list_of(row: Row) -> str:
    kind, _, name = row.get("type").partition(" ")
    choosing = kind in ("select_one", "select_multiple", "rank")
    return name.removesuffix(" or_other").strip() if choosing else ""


def _pages(workbook: Workbook) -> Iterator[Finding]:
    """Groups that are shown whole on one page."""
    groups: list[Row] = []
    asked: Counter[int] = Counter()
    for row in workbook.question_rows():
        kind = row.get("type").replace("_", " ")
        if kind.startswith("begin "):
            groups.append(row)
        elif kind.startswith("end "):
            del groups[-1:]
        elif kind.split()[0] not in SILENT:
            pages = (group for group in groups if "field-list" in group.get("appearance").split())
            page = next(pages, None)
            if page is not None:
                asked[page.number] += 1
                if asked[page.number] == TILES_MAX + 1:
                    sentence = N_("More than %(most)s questions stand on this page.")
                    yield warning(page.place("appearance"), sentence, most=TILES_MAX)
