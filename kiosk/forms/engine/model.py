"""The answers as a tree, and the rules at work on it: one change recomputes what depends on it.

`set` puts an answer in; the triggers that read it run in the program's order, each at most once,
and only in the repeat instances it can reach. After that the tree is exactly as if everything had
been worked out from the beginning (`recompute_all`), which a property test asserts.

Choices made where engines differ: calculations run also where they are not relevant, and read as
empty there; an answer that a choice filter takes away reads as empty and is kept aside; a repeat
without a template takes its first instance for one (JavaRosa). What `setvalue` changes sets off the
`setvalue` of the question there in turn, instances that a count makes get their first values as
added ones do, and a first value may read what is worked out from those before it (JavaRosa all; the
specification has new instances filled before anything is worked out there).

Where `jr:count` falls, ODK's documentation wants nothing lost, and JavaRosa therefore leaves what
is too many in the form and sends it; Enketo deletes it. Here the instances beyond the count are
kept aside, whole: nothing reads, checks, records or counts them, and when the count grows again
they come back as they were, before any new one is made. A number is corrected key by key, so that
3 to 4 goes by way of nothing.
"""

import heapq
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, tzinfo

from kiosk.forms.answers import LENGTH_MAX, fits_type
from kiosk.forms.definition import CHOOSING, Control, Expression, Field
from kiosk.forms.engine.dependencies import Reading
from kiosk.forms.engine.evaluate import Closure, Context
from kiosk.forms.engine.functions_of_nodes import new_uuid
from kiosk.forms.engine.node import Node, NodeKind
from kiosk.forms.engine.program import Aspect, Program, Trigger
from kiosk.forms.engine.values import Moment, Value, to_boolean, to_number, to_string
from kiosk.forms.errors import FormError

REPEATS_MAX = 200  # instances of one repeat: more is not an application, it is an attack
NODES_MAX = 50_000  # of all answers, repeats within repeats included
WORK_MAX = 250_000  # nodes that paths and predicates look at for one change: about a second
CHAIN_MAX = 400  # values that one change may set off: questions may name each other, two by two
FIRST_LOAD = frozenset(("odk-instance-first-load", "xforms-ready"))
LOAD = frozenset(("odk-instance-load",))
ITextReader = Callable[[str, Context], str]
ChoiceReader = Callable[[str, str, Context], str]


class Model:
    """One form's answers. It is the scope that the form's expressions are evaluated in."""

    narrows = True
    namespaces: Mapping[str, str] = {}

    def __init__(
        self, program: Program, *, today: date, now: Callable[[], datetime], zone: tzinfo
    ) -> None:
        self.program = program
        self.zone = zone
        self.root = Node("", kind=NodeKind.DOCUMENT)
        self.frozen = False  # recorded answers are shown as they were, calculations and all
        self.read_itext: ITextReader = lambda name, _c: name
        self.read_choice: ChoiceReader = lambda value, _path, _c: value
        self._now = now
        self._today = Moment(datetime.combine(today, time(), zone), whole_day=True)
        self.work_left = WORK_MAX
        self._instances: dict[str, list[Node]] = {}
        self._size = 0
        self._given: dict[str, list[Field]] = {}  # instances that the form itself has
        self._own_relevance: dict[Node, bool] = {}
        self._templates: dict[str, Field] = {}
        self._aside: dict[tuple[Node, str], list[Node]] = {}  # beyond a repeat's count, in order
        self._dirty: dict[int, list[Node] | None] = {}
        self._heap: list[int] = []
        self._new: list[Node] = []  # repeat instances whose first values are to be set, last first
        self._plant()

    # Scope

    def today(self) -> Moment:
        """The day of this entry: it does not change while it is being filled."""
        return self._today

    def now(self) -> datetime:
        """This moment."""
        return self._now().astimezone(self.zone)

    def random(self) -> float:
        """A number from 0 up to 1."""
        return (int.from_bytes(os.urandom(7)) >> 3) / 2**53

    def instance(self, name: str) -> Node:
        """A list of the form, or the answers themselves by the form's own id."""
        if name not in self.program.definition.lists and name == self.program.definition.id:
            return self.root
        return self.program.list_of(name)

    def itext(self, name: str, c: Context) -> str:
        """A text of the form in the language of the entry."""
        return self.read_itext(name, c)

    def choice_name(self, value: str, path: str, c: Context) -> str:
        """The label of a choice."""
        return self.read_choice(value, path, c)

    # The tree

    def _plant(self) -> None:
        definition = self.program.definition
        self._collect_templates("", definition.root)
        self._grow(self.root, definition.root)
        self._list_instances()

    def _collect_templates(self, above: str, item: Field) -> None:
        path = f"{above}/{item.name}"
        if path in self.program.repeats:
            if item.template or path not in self._templates:
                self._templates[path] = item
            if not item.template:
                self._given.setdefault(path, []).append(item)
        for child in item.children:
            self._collect_templates(path, child)

    def _grow(self, parent: Node, item: Field, place: int | None = None) -> Node:
        node = Node(item.name, item.value)
        node.path = f"{parent.path}/{item.name}"
        if item.value and not fits_type(self.program.bind(node.path).type, item.value):
            node.value = ""
        parent.insert(len(parent.children) if place is None else place, node)
        node.relevant = parent.relevant
        self._size += 1
        for name, value in item.attributes.items():
            node.add_attribute(name, value)
        for child in item.children:
            repeat = self.program.repeats.get(f"{node.path}/{child.name}")
            if repeat is None or not (
                child.template or repeat.count
            ):  # what is counted comes later
                self._grow(node, child)
        return node

    def _list_instances(self) -> None:
        self._instances = {path: [] for path in self.program.paths}
        for node in self.root.descendants():
            self._instances.setdefault(node.path, []).append(node)

    def nodes(self, path: str) -> list[Node]:
        """Every field of that plain path, one for each instance of the repeats around it."""
        return self._instances.get(path, [])

    def find(self, path: str) -> Node | None:
        """The field at a path with positions: /data/child[2]/name."""
        node: Node = self.root
        for step in path.strip("/").split("/"):
            name, _bracket, place = step.partition("[")
            found = node.named(name)
            number = int(place[:-1]) if place[:-1].isdigit() else 1
            if not 0 < number <= len(found):
                return None
            node = found[number - 1]
        return node

    def path_of(self, node: Node) -> str:
        """The path of a field, with positions where it is in a repeat."""
        path = ""
        *steps, _root = node.lineage()
        for step in steps:
            place = f"[{step.place_among_siblings()}]" if step.path in self.program.repeats else ""
            path = f"/{step.name}{place}{path}"
        return path or "/"

    # Changes

    def begin(self) -> None:
        """Work everything out for a new entry, with what the form says to fill in first."""
        self._preload()
        self.recompute_all()
        self._set_at(FIRST_LOAD)
        self.reopen()

    def reopen(self) -> None:
        """Work everything out for answers put back, with what the form sets at each opening."""
        self.recompute_all()
        self._set_at(LOAD)
        self._run()

    def _set_at(self, events: frozenset[str]) -> None:
        for value in self.program.definition.set_values:
            if events & set(value.events):
                for node in self.nodes(value.path):
                    self._run()  # it may read what was worked out from those before it
                    self._put_and_act(node, self._default(value.value, node))

    def _default(self, value: Expression | str, node: Node) -> str:
        if isinstance(value, str):
            return value
        text = to_string(self._worked_out(self.program.closure(value), node))
        return "" if text == "NaN" else text

    def _preload(self) -> None:
        for bind in self.program.definition.binds:
            value = {
                "uid": f"uuid:{new_uuid()}",
                "date": str(self._today) if bind.preload_parameters == "today" else "",
                "timestamp": "" if bind.preload_parameters == "end" else str(Moment(self.now())),
            }.get(bind.preload, "")
            for node in self.nodes(bind.path) if value else ():
                self.put(node, value)

    def set(self, node: Node, value: str) -> None:
        """Answer a field and recompute what depends on it.

        A value that is not of the field's type is kept, and reads as empty.
        """
        if node.kept == value:
            return
        self._put_and_act(node, value)
        self._run()

    def _put_and_act(self, node: Node, value: str, left: Iterator[int] | None = None) -> None:
        """Put a value in, and set what its change sets off: so on, as JavaRosa does."""
        left = left or iter(range(CHAIN_MAX))
        changed = node.kept != value
        self.put(node, value)
        for action in self.program.definition.set_values if changed else ():
            if action.source == node.path and "xforms-value-changed" in action.events:
                self._run()
                for target, _number in zip(self.near(action.path, node), left, strict=False):
                    self._put_and_act(target, self._default(action.value, target), left)

    def near(self, path: str, node: Node) -> list[Node]:
        """The fields of that path in the innermost repeat instance that holds the other field."""
        for above in node.lineage():
            repeats = above.path in self.program.repeats
            if above.path == "" or (repeats and path.startswith(f"{above.path}/")):
                return [target for target in self.nodes(path) if is_within(target, above)]
        return []

    def put(self, node: Node, value: str) -> None:
        """Put an answer in and note what depends on it; whoever does so recomputes afterwards."""
        node.kept = value
        fits = fits_type(self.program.bind(node.path).type, value)
        self._show(node, value if fits else "")
        # The rules of its own choices look again: the new answer may not be on offer.
        for number in self.program.writers.get(node.path, ()):
            if self.program.triggers[number].aspect is Aspect.CHOICES:
                self._mark(number, node)

    def _show(self, node: Node, value: str) -> None:
        if node.value != value:
            node.value = value
            self._changed(node)

    def _changed(self, node: Node, *, counted: bool = False) -> None:
        for number, reading in self.program.readers.get(node.path, ()):
            if reading.counted and not counted:
                continue
            self._mark(number, _ancestor(node, reading, self.program.triggers[number]))

    def _mark(self, number: int, within: Node | None) -> None:
        if number not in self._dirty:
            self._dirty[number] = []
            heapq.heappush(self._heap, number)
        known = self._dirty[number]
        if within is None:
            self._dirty[number] = None
        elif known is not None:
            known.append(within)

    def _run(self) -> None:
        self.work_left = WORK_MAX
        while self._heap or self._new:
            if not self._heap:
                self._fill_new(self._new.pop())
                continue
            number = heapq.heappop(self._heap)
            within = self._dirty.pop(number)
            trigger = self.program.triggers[number]
            places = self._places(trigger, within)
            if trigger.aspect is Aspect.COUNT:
                self._match_counts(places, trigger.path)
                continue
            for node in places:
                if node.parent is not None:
                    self._fire(trigger, node)

    def _worked_out(self, run: Closure, node: Node, instead: Value = "") -> Value:
        """What an expression gives at a field; one that cannot be worked out gives nothing."""
        place = node.place_among_siblings() if node.path in self.program.repeats else 1
        try:
            return run(Context(self, node, position=place))
        except FormError:
            return instead

    def _places(self, trigger: Trigger, within: list[Node] | None) -> list[Node]:
        nodes = self.nodes(trigger.path)
        if trigger.aspect is Aspect.COUNT:
            above = trigger.path.rpartition("/")[0]
            return list(self.nodes(above))
        if within is None or trigger.reads_itself or len(nodes) < 2:  # noqa: PLR2004 (nothing to choose)
            return list(nodes)
        wanted = set(map(id, within))
        return [node for node in nodes if any(id(above) in wanted for above in node.lineage())]

    def _fire(self, trigger: Trigger, node: Node) -> None:
        if trigger.aspect is Aspect.CALCULATE:
            if not self.frozen:
                value = to_string(self._worked_out(trigger.run, node))[:LENGTH_MAX]
                node.kept = "" if value == "NaN" else value
                self._show(node, node.kept)
        elif trigger.aspect is Aspect.RELEVANT:
            self._own_relevance[node] = to_boolean(
                self._worked_out(trigger.run, node, instead=True)
            )
            self._spread_relevance(node)
        else:
            self._filter(node, trigger)

    def _spread_relevance(self, node: Node) -> None:
        above = node.parent is None or node.parent.relevant
        relevant = above and self._own_relevance.get(node, True)
        if node.relevant != relevant:
            node.relevant = relevant
            self._changed(node, counted=True)
            for child in node.children:
                self._spread_relevance(child)

    def _filter(self, node: Node, trigger: Trigger) -> None:
        control = self.program.controls[node.path]
        assert control.itemset is not None
        rows = self._worked_out(trigger.run, node)
        offered = set()
        if isinstance(rows, list):
            offered = {row.cell(control.itemset.name) for row in rows}
        words = node.kept.split()
        if node.kept in offered or all(word in offered for word in words):
            self._show(node, node.kept)
        else:
            self._show(node, " ".join(word for word in words if word in offered))

    # Repeats

    def add_repeat(self, path: str, parent: Node | None = None) -> Node | None:
        """Add an instance at the end, or None where there are as many as there may be."""
        parent = parent or next(iter(self.nodes(path.rpartition("/")[0])), None)
        if parent is None:
            return None
        node = self._insert_repeat(path, parent, self._templates[path])
        if node is not None:
            self._new.append(node)
            self._structure_changed(path)
            self._run()
        return node

    def _fill_new(self, node: Node) -> None:
        others, self._new = self._new, []
        for value in self.program.definition.set_values:
            if "odk-new-repeat" in value.events and value.path.startswith(node.path + "/"):
                for target in self.nodes(value.path):
                    if is_within(target, node):
                        self._run()
                        self._put_and_act(target, self._default(value.value, target))
        self._new = others + self._new

    def remove_repeat(self, node: Node) -> None:
        """Take an instance away, with its answers."""
        if node.parent is not None:
            self._drop(node, node.parent)
            self._structure_changed(node.path)
            self._run()

    def forget(self) -> None:
        """Blank every answer, those kept aside too; the model is not used again."""
        aside = (node for kept in self._aside.values() for node in kept)
        for top in (self.root, *aside):
            for node in (top, *top.descendants()):
                node.value = node.kept = ""

    def resize_repeat(self, path: str, parent: Node, number: int) -> list[Node]:
        """Make it so many instances (as far as there may be); hand them back."""
        for node in parent.named(path.rpartition("/")[2])[number:]:
            self._drop(node, parent)
        self._add_up_to(number, path, parent)
        self._structure_changed(path)
        return parent.named(path.rpartition("/")[2])

    def _add_up_to(self, number: int, path: str, parent: Node) -> list[Node]:
        new: list[Node] = []
        name = path.rpartition("/")[2]
        given = self._given.get(path, [])
        while (place := len(parent.named(name))) < number:
            template = given[place] if place < len(given) else self._templates[path]
            node = self._insert_repeat(path, parent, template)
            if node is None:
                break
            new.append(node)
        return new

    def may_add(self, path: str, parent: Node) -> bool:
        """Whether there may be one more instance of a repeat."""
        full = len(parent.named(path.rpartition("/")[2])) >= REPEATS_MAX
        return not full and self._size < NODES_MAX

    def _insert_repeat(self, path: str, parent: Node, template: Field) -> Node | None:
        if not self.may_add(path, parent):
            return None
        return self._grow(parent, template, self._place_for(path, parent))

    def _place_for(self, path: str, parent: Node) -> int:
        """Behind the last instance; without one, where the form's document has the repeat."""
        name = path.rpartition("/")[2]
        after: set[str] = set()
        for child in self.program.paths[parent.path].children:
            after.add(child.name)
            if child.name == name:
                break
        places = [place for place, child in enumerate(parent.children) if child.name in after]
        return places[-1] + 1 if places else 0

    def _drop(self, node: Node, parent: Node) -> None:
        for key in [key for key in self._aside if is_within(key[0], node)]:
            del self._aside[key]
        self._take_out(node, parent)

    def _take_out(self, node: Node, parent: Node) -> None:
        for below in (node, *node.descendants()):
            self._own_relevance.pop(below, None)
            self._size -= 1
        parent.remove(node)

    def _bring_back(self, node: Node, parent: Node) -> None:
        self._size += 1 + sum(1 for _ in node.descendants())
        parent.insert(self._place_for(node.path, parent), node)
        self._spread_relevance(node)

    def _structure_changed(self, path: str) -> None:
        self._list_instances()
        for below in self.program.below(path):
            readers = (number for number, _reading in self.program.readers.get(below, ()))
            for number in (*self.program.writers.get(below, ()), *readers):
                self._mark(number, None)

    def wanted(self, path: str, parent: Node) -> float:
        """How many instances a repeat's count asks for, whether there may be so many or not."""
        count = self.program.repeats[path].count
        if count is None:
            return 0.0
        place = Node(path.rpartition("/")[2], parent=parent)  # `../n` is what stands beside it
        place.path = path
        value = self._worked_out(self.program.closure(count), place)
        return max(0.0, to_number(value, self.zone))  # in this order NaN is none

    def _match_counts(self, parents: list[Node], path: str) -> None:
        """Have as many instances everywhere as are wanted; the tree is gone through once."""
        changed = [] if self.frozen else [self._match_count(parent, path) for parent in parents]
        if any(changed):
            self._structure_changed(path)

    def _match_count(self, parent: Node, path: str) -> bool:
        name = path.rpartition("/")[2]
        number = int(min(REPEATS_MAX, self.wanted(path, parent)))
        here = list(parent.named(name))
        if len(here) == number:
            return False
        aside = self._aside.setdefault((parent, path), [])
        beyond = here[number:]
        for node in beyond:
            self._take_out(node, parent)
            node.parent = parent  # it goes where that one goes
        aside[:0] = beyond
        for _missing in range(len(here), number):
            if aside and self.may_add(path, parent):
                self._bring_back(aside.pop(0), parent)
        self._new += self._add_up_to(number, path, parent)[::-1]  # the first is filled first
        if not aside:
            del self._aside[parent, path]
        return len(parent.named(name)) != len(here)

    # All at once

    def recompute_all(self) -> None:
        """Work every rule out, in order."""
        for number in range(len(self.program.triggers)):
            self._mark(number, None)
        self._run()

    # Rules that only answer when asked

    def is_readonly(self, node: Node) -> bool:
        """Whether a field, or a group that it is in, may not be answered."""
        return any(
            self.holds(self.program.bind(above.path).readonly, above, default=False)
            for above in node.lineage()
            if above.path
        )

    def holds(self, expression: Expression | None, node: Node, *, default: bool) -> bool:
        """Whether a condition holds at a field; one that cannot be worked out does not."""
        if expression is None:
            return default
        self.work_left = WORK_MAX
        return to_boolean(self._worked_out(self.program.closure(expression), node, default))


def answer_at(control: Control, node: Node) -> str:
    """What a question shows as answered: what was typed, wrong or not; of choices, what is left."""
    return node.value if control.kind in CHOOSING else node.kept


def is_within(node: Node, above: Node) -> bool:
    """Whether a field is that node or stands below it."""
    return any(other is above for other in node.lineage())


def _ancestor(node: Node, reading: Reading, trigger: Trigger) -> Node | None:
    """The part of the tree whose instances of the trigger can have read this field."""
    depth = min(reading.shared, node.path.count("/"), trigger.path.count("/"))
    while node.parent is not None and node.path.count("/") > depth:
        node = node.parent
    return node if node.parent is not None else None
