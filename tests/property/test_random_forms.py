"""Whatever form is made of the parts that forms are made of, its rules hold together.

Forms are drawn at random: groups and repeats within each other (some counted, some hidden), choices
of lists and of repeats with filters, calculations over and out of repeats, defaults, triggers. They
are converted by the real pyxform and filled at random. After each step the form must be as if all
had been worked out from the beginning, and what was recorded must open as the same form.
"""

from datetime import UTC, datetime
from random import Random

from pyxform.errors import PyXFormError

from kiosk.forms.engine.model import Model
from kiosk.forms.entry import Entry
from kiosk.forms.errors import Circle, NoSuchField
from tests.forms import TODAY, form
from tests.property.test_recompute import state

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
SEEDS = range(100, 124)
STEPS = 20
COLUMNS = (
    *("type", "name", "label", "relevant", "calculation", "choice_filter"),
    *("repeat_count", "default", "trigger", "constraint"),
)
ANSWERS = ("", "0", "1", "2", "3", "5", "a", "b", "c", "a b", "z")
CHOICES = """
| choices | | | | |
| | list_name | name | label | p |
| | L | a | A | |
| | L | b | B | |
| | L | c | C | |
| | M | a | Aa | a |
| | M | b | Ba | a |
| | M | c | Cb | b |
"""
TYPES = {
    "integer": "number",
    "text": "text",
    "select_one L": "one",
    "select_multiple L": "many",
    "select_one M": "one",
}


class Part:
    """A question, calculation or repeat: its name, kind, and the repeats that it is in."""

    def __init__(self, name: str, kind: str, within: tuple[str, ...], path: str) -> None:
        self.name = name
        self.kind = kind
        self.within = within
        self.path = path


class Author:
    """Writes a form; only what stands above is mentioned, so that no rule waits for itself."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.rows: list[str] = []
        self.parts: list[Part] = []

    def survey(self) -> str:
        self._items((), "/data", 0, self.dice.randint(5, 12))
        head = f"| survey {'| ' * len(COLUMNS)}|\n| | {' | '.join(COLUMNS)} |\n"
        return head + "\n".join(self.rows) + CHOICES

    def _row(self, **cells: str) -> None:
        self.rows.append(f"| | {' | '.join(cells.get(column, '') for column in COLUMNS)} |")

    def _items(self, within: tuple[str, ...], path: str, depth: int, number: int) -> None:
        for _ in range(number):
            name = f"f{len(self.rows)}"
            rules = {"relevant": self._condition(within)} if self._often(30) else {}
            draw = self.dice.random()
            if draw < 0.25 and depth < 3:
                repeats = draw > 0.1 and len(within) < 2
                self._section("repeat" if repeats else "group", name, within, path, rules)
            elif draw < 0.45:
                self._calculation(name, within, path, rules)
            else:
                self._question(name, within, path, rules)

    def _section(
        self, what: str, name: str, within: tuple[str, ...], path: str, rules: dict[str, str]
    ) -> None:
        inside, here = within, f"{path}/{name}"
        if what == "repeat":
            if self._often(50):
                rules["repeat_count"] = self._number(within, 1)
            inside = (*within, name)
            self.parts.append(Part(name, "repeat", inside, here))
        self._row(type=f"begin_{what}", name=name, label="S", **rules)
        depth = here.count("/") - 1
        self._items(inside, here, depth, self.dice.randint(1, 5))
        self._row(type=f"end_{what}")

    def _calculation(
        self, name: str, within: tuple[str, ...], path: str, rules: dict[str, str]
    ) -> None:
        kind = self.dice.choice(("number", "text"))
        worked_out = self._number(within, 3) if kind == "number" else self._text(within, 2)
        rules["calculation"] = f"once({worked_out})" if self._often(10) else worked_out
        asked = self._part(within, "asked")
        if asked is not None and asked.within == within and self._often(15):
            rules["trigger"] = f"${{{asked.name}}}"
        self._row(type="calculate", name=name, **rules)
        self.parts.append(Part(name, kind, within, f"{path}/{name}"))

    def _question(
        self, name: str, within: tuple[str, ...], path: str, rules: dict[str, str]
    ) -> None:
        type_name = self.dice.choice((*TYPES, "of a repeat"))
        rows = self._part(within, "text", outside=True)
        if type_name == "of a repeat" and rows is not None and len(rows.within) == 1:
            rules["choice_filter"] = f"${{{rows.name}}} != 'z'"
            self._row(type=f"select_one ${{{rows.name}}}", name=name, label="Q", **rules)
            self.parts.append(Part(name, "one", within, f"{path}/{name}"))
            return
        type_name = type_name if type_name in TYPES else "text"
        chosen = self._part(within, "one")
        if type_name == "select_one M":
            rules["choice_filter"] = f"p = ${{{chosen.name}}}" if chosen else "p = 'a'"
        elif type_name.startswith("select") and self._often(40):
            rules["choice_filter"] = f"name != 'c' or {self._condition(within)}"
        if self._often(15):
            rules["default"] = self.dice.choice(("1", "a", "x", self._number(within, 1)))
        self._row(type=type_name, name=name, label="Q", **rules)
        kind = TYPES[type_name]
        self.parts += [Part(name, kind, within, f"{path}/{name}")]
        self.parts += [Part(name, "asked", within, f"{path}/{name}")]

    # Expressions

    def _often(self, percent: int) -> bool:
        return self.dice.random() * 100 < percent

    def _part(self, within: tuple[str, ...], *kinds: str, outside: bool = False) -> Part | None:
        """One that is in the same repeats or around them; or `outside`, in any repeat."""
        found = [
            part
            for part in self.parts
            if part.kind in kinds
            and (part.within if outside else within[: len(part.within)] == part.within)
        ]
        return self.dice.choice(found) if found else None

    def _number(self, within: tuple[str, ...], depth: int) -> str:
        near, far = self._part(within, "number"), self._part(within, "number", outside=True)
        repeat, words = self._part((), "repeat", outside=True), self._part(within, "many", "text")
        offers = [self.dice.choice("0123"), f"${{{near.name}}}" if near else "2"]
        if depth > 0:
            a, b = self._number(within, depth - 1), self._number(within, depth - 1)
            offers += [f"({a} + {b})", f"({a} * {b})", f"coalesce({a}, {b})", f"round({a} div 2)"]
            offers += [f"if({self._condition(within, depth - 1)}, {a}, {b})"]
            offers += [f"count(${{{repeat.name}}})"] if repeat else []
            offers += ["position(..)"] if within else []
            offers += [f"count-selected(${{{words.name}}})"] if words else []
            offers += self._of_repeats(far) if far else []
        return self.dice.choice(offers)

    def _of_repeats(self, far: Part) -> list[str]:
        called = self.dice.choice(("sum", "max", "min", "count", "count-non-empty"))
        offers = [f"{called}(${{{far.name}}})", f"sum(//{far.name})"]
        above, _slash, leaf = far.path.rpartition("/")
        if len(far.within) == 1:
            offers += [f"indexed-repeat(${{{far.name}}}, ${{{far.within[0]}}}, 2)"]
            if above.endswith(f"/{far.within[0]}"):
                test = self.dice.choice(("1", "last()", "position() = 2", f"{leaf} > 1"))
                offers += [f"sum({above}[{test}]/{leaf})"]
        return offers

    def _condition(self, within: tuple[str, ...], depth: int = 2) -> str:
        chosen, words = self._part(within, "many", "one"), self._part(within, "text", "one")
        compared = self.dice.choice(("<", ">", "=", "!=", ">="))
        first, second = (self._number(within, depth - 1) for _ in range(2))
        offers = [f"{first} {compared} {second}"]
        offers += [f"selected(${{{chosen.name}}}, 'b')"] if chosen else []
        offers += [f"${{{words.name}}} != ''"] if words else []
        if depth > 0:
            a, b = self._condition(within, depth - 1), self._condition(within, depth - 1)
            offers += [f"not({a})", f"({a} and {b})", f"({a} or {b})"]
        return self.dice.choice(offers)

    def _text(self, within: tuple[str, ...], depth: int) -> str:
        near = self._part(within, "text", "one", "many")
        far = self._part(within, "text", "one", "number", outside=True)
        chosen = self._part(within, "one")
        offers = [f"${{{near.name}}}" if near else "'t'", f"string({self._condition(within)})"]
        offers += [f"join(' ', ${{{far.name}}})"] if far else []
        offers += [f"jr:choice-name(${{{chosen.name}}}, '${{{chosen.name}}}')"] if chosen else []
        offers += [f"substr(${{{near.name}}}, 0, 3)"] if near else []
        if depth > 0:
            offers += [f"concat({self._number(within, 1)}, '-', {self._text(within, depth - 1)})"]
        return self.dice.choice(offers)


def take_a_step(model: Model, dice: Random) -> None:
    free = [path for path, section in model.program.repeats.items() if section.count is None]
    draw = dice.random()
    if draw < 0.2 and free:
        path = dice.choice(free)
        parents = model.nodes(path.rpartition("/")[0])
        if parents:
            model.add_repeat(path, dice.choice(parents))
    elif draw < 0.3 and free:
        instances = model.nodes(dice.choice(free))
        if instances:
            model.remove_repeat(dice.choice(instances))
    else:
        asked = [node for path in model.program.controls for node in model.nodes(path)]
        if asked:
            model.set(dice.choice(asked), dice.choice(ANSWERS))


def test_a_random_form_is_always_as_if_worked_out_from_the_beginning() -> None:
    filled = 0
    for seed in SEEDS:
        survey = Author(seed).survey()
        try:
            definition = form(survey)
        except (PyXFormError, NoSuchField, Circle):
            continue  # pyxform resolves a name to where it is not, in a trigger or a predicate
        dice = Random(seed)
        entry = Entry(definition, language="en", today=TODAY, now=lambda: NOON)
        for _ in range(STEPS):
            take_a_step(entry._model, dice)
            before = state(entry._model)
            entry._model.recompute_all()
            assert state(entry._model) == before, f"seed {seed}:\n{survey}"
        record = entry.record()
        again = Entry.from_record(definition, record, language="en", today=TODAY, now=lambda: NOON)
        assert again.record() == record, f"seed {seed}:\n{survey}"
        filled += 1
    assert filled > len(SEEDS) * 0.8
