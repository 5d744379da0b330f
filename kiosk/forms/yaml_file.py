"""A descriptor.yaml as it stands in the file: its values, and the line on which each is written.

Who mends the file looks for a line, so whatever is wrong with `costs[1].value` is told beside the
number of its line. YAML has traps that no reader of the values sees: a name that stands twice (the
last one wins in silence), a tab, a few lines of `*name` that unfold to gigabytes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import yaml

from kiosk.forms.finding import N_, Finding, Place, error

FILE = "descriptor.yaml"
_LAST_STEP = re.compile(r"(?:\.[^.]*|\[\d+\]|^[^.]*)$")


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases (a few lines of them can unfold to gigabytes), dates left as text."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call] # stubs lack it
            raise yaml.MarkedYAMLError(problem="aliases (*name) are refused", problem_mark=mark)
        return super().compose_node(parent, index)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What the file says, and where; `value` is None where it cannot be read."""

    value: object = None
    lines: Mapping[str, int] = field(default_factory=dict)  # of each place, such as costs[1].value

    def located(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings, those about the file with the line of their field, or of what is around."""
        for finding in findings:
            row = None if finding.sheet != FILE or finding.row else self._line(finding.column)
            place = Place(finding.sheet, row, finding.column)
            yield replace(finding, place=place) if row else finding

    def _line(self, where: str | None) -> int | None:
        while where and where not in self.lines:
            where = _LAST_STEP.sub("", where)
        return self.lines.get(where) if where else None


def read_yaml(data: bytes) -> tuple[YamlFile, list[Finding]]:
    """The file's values with their lines, and what is wrong with it as YAML."""
    try:
        # A SafeLoader all the same: it makes nothing but text, numbers, lists and mappings
        loader = _PlainLoader(data)
        node = loader.get_single_node()
        lines: dict[str, int] = {}
        findings = list(_walk(node, "", lines)) if node is not None else []
        value = None if node is None else loader.construct_document(node)
        if value is None:
            return YamlFile(), [error(Place(FILE), N_("The file is empty."))]
        return YamlFile(value, lines), findings
    except yaml.MarkedYAMLError as problem:
        row = problem.problem_mark.line + 1 if problem.problem_mark else None
        return YamlFile(), [error(Place(FILE, row), _what_is_wrong(str(problem.problem)))]
    except yaml.YAMLError:  # of the characters, before anything is read
        sentence = N_("The file is no text in UTF-8. Save it with the encoding UTF-8.")
    except ValueError:
        sentence = N_("A number in the file cannot be read. Write it between quotation marks.")
    except RecursionError:
        sentence = N_("The descriptor is nested too deep.")
    return YamlFile(), [error(Place(FILE), sentence)]


def _walk(node: yaml.Node, where: str, lines: dict[str, int]) -> Iterator[Finding]:
    """The line of each place below, into `lines`; names that stand twice."""
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, 1):
            yield from _walk(item, f"{where}[{number}]", lines)
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, item in node.value:
            name, row = str(key.value), key.start_mark.line + 1
            below = f"{where}.{name}".lstrip(".")
            first = seen.setdefault(name, row)
            if first != row:
                sentence = N_("The field stands in row %(row)s already. Remove one.")
                yield error(Place(FILE, row, below), sentence, row=first)
            lines[below] = row
            yield from _walk(item, below, lines)


def _what_is_wrong(problem: str) -> str:
    if "alias" in problem:
        return N_("The file uses *name to repeat a part, which is refused. Write the part out.")
    if r"'\t'" in problem:
        return N_("A tab stands at the start of the line. Write blanks instead.")
    return N_(
        "The file has an error near here. Look at colons, quotation marks and the blanks at the "
        "start of lines."
    )
