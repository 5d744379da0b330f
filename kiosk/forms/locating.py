"""Where in the workbook it stands what the form's compiler found in the XForm.

The compiler knows paths and rules; a clerk knows rows and columns. Groups of the survey make the
paths, so each row's path is known, and a rule has its column.
"""

from collections.abc import Mapping

from kiosk.forms.engine.program import Aspect
from kiosk.forms.errors import Circle, FormError, NoSuchField
from kiosk.forms.finding import MORE, N_, Finding, Place, error, warning
from kiosk.forms.program_check import LOST_MAX
from kiosk.forms.workbook import SURVEY, Row, Workbook

_COLUMN_OF = {
    Aspect.COUNT.value: "repeat_count",
    Aspect.RELEVANT.value: "relevant",
    Aspect.CALCULATE.value: "calculation",
    Aspect.CHOICES.value: "choice_filter",
    "calculate": "calculation",
}


def located(problem: FormError, workbook: Workbook) -> list[Finding]:
    """The compiler's problem at each cell that has to be mended."""
    rows = rows_by_path(workbook)
    if isinstance(problem, Circle):
        return [_circle(problem, rows)]
    if isinstance(problem, NoSuchField):
        found = [_lost(lost, rows) for lost in (problem, *problem.others)]
        more = [warning(found[-1].place, MORE)] if len(found) == LOST_MAX else []
        return [*found, *more]
    place = _named_in(str(problem), rows)
    return [error(place, N_("The form cannot be used: %(problem)s"), problem=problem)]


def _lost(problem: NoSuchField, rows: Mapping[str, Row]) -> Finding:
    """A path that leads nowhere, in the column of the rule that names it."""
    reads = str(problem.places["reads"])
    place, row = Place(SURVEY), row_of(problem.path, rows)
    if row is not None:
        column = _COLUMN_OF.get(problem.rule, problem.rule)
        if not row.get(column):  # a text in some language, or a heading written otherwise
            name = reads.rpartition("/")[2] or reads
            column = next((heading for heading in row.cells if name in row.get(heading)), "label")
        place = row.place(column)
    return error(place, N_("%(path)s leads to nothing in the form."), path=reads)


def rows_by_path(workbook: Workbook) -> dict[str, Row]:
    """Each row of the survey by its path below the form's root, such as "child/name"."""
    found: dict[str, Row] = {}
    groups: list[str] = []
    for row in workbook.question_rows():
        kind, name = row.get("type").replace("_", " "), row.get("name")
        if kind.startswith("end "):
            del groups[-1:]
            continue
        found["/".join((*groups, name))] = row
        if kind.startswith("begin "):
            groups.append(name)
    return found


def _circle(problem: Circle, rows: Mapping[str, Row]) -> Finding:
    path, aspect = problem.steps[0]
    row = row_of(path, rows)
    place = row.place(_COLUMN_OF[aspect]) if row else Place(SURVEY)
    if len(problem.steps) == 1:
        return error(place, N_("This depends on itself."))
    around = [row_of(path, rows) for path, _aspect in problem.steps]
    names = [f"{row.get('name')} ({row.number})" for row in around if row]
    sentence = N_("These questions wait for each other, each with its row: %(names)s.")
    return error(place, sentence, names=" → ".join([*names, *names[:1]]))


def row_of(path: str, rows: Mapping[str, Row]) -> Row | None:
    """The row of the field at a path of the form, such as "/data/child/name"."""
    return rows.get(path.strip("/").partition("/")[2])


def _named_in(message: str, rows: Mapping[str, Row]) -> Place:
    """The row of the question whose path the sentence mentions."""
    for path, row in rows.items():
        if any(f"/{path}{end}" in message + " " for end in (" ", ":", ".", "'", ",")):
            return row.place()
    return Place(SURVEY)
