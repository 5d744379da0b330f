r"""Patterns of `regex()`, matched in time proportional to the text, whatever the pattern is.

A pattern is data from outside. Python's `re` backtracks: `(a+)+$` against thirty letters takes
minutes, and no list of forbidden shapes catches all such patterns. So patterns are matched here
by following all possibilities at once (Thompson 1968), which cannot explode. Understood are the
parts that form authors use: characters, classes, `\d \w \s`, groups, alternatives, quantifiers,
^ $ and \b; what needs backtracking (back references, looking ahead) is refused with a sentence.
Code points are counted, not bytes: a Lao letter is one.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from kiosk.forms.errors import N_, BadExpression

PATTERN_LENGTH_MAX = 1_000
STATES_MAX = 5_000  # `(a{50}){50}` is 2,500
DEPTH_MAX = 50
TEXT_LENGTH_MAX = 10_000
WORK_MAX = 2_000_000  # states visited for one answer: about a second

Holds = Callable[[str], bool]

_CLASS_ESCAPES: dict[str, Holds] = {
    "d": lambda c: "0" <= c <= "9",  # ASCII, as in the engines that run ODK forms
    "w": lambda c: c == "_" or (c.isascii() and c.isalnum()),
    "s": str.isspace,
}
_CONTROL_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_COUNTS = re.compile(r"\{(\d{1,4})(,(\d{0,4}))?\}")
_CODE = re.compile(r"u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})")


class State:
    """A place in the pattern: it takes a character, asserts something, or splits."""

    __slots__ = ("assertion", "holds", "out")

    def __init__(self, holds: Holds | None = None, assertion: str = "") -> None:
        self.holds = holds
        self.assertion = assertion
        self.out: list[State] = []


Part = Callable[[State], State]  # from what comes after a part to where the part begins


class Pattern:
    """A pattern made ready.

    Raises:
        BadExpression: it is not a pattern, or needs what is not offered.
    """

    def __init__(self, source: str) -> None:
        if len(source) > PATTERN_LENGTH_MAX:
            raise BadExpression(
                N_("The pattern is longer than %(most)s characters."), most=PATTERN_LENGTH_MAX
            )
        self.source = source
        self._at = 0
        self._depth = 0
        self._states = 0
        self._end = self._state()
        node = self._alternatives()
        if self._at < len(source):
            raise self._wrong(
                N_("In the pattern %(pattern)r the %(text)r is out of place."),
                text=source[self._at],
            )
        self.start = node(self._end)

    def finds(self, text: str) -> bool:
        """Whether the pattern matches anywhere in the text."""
        text = text[:TEXT_LENGTH_MAX]
        current: dict[int, State] = {}
        work = 0
        for place in range(len(text) + 1):
            waiting: dict[int, State] = {}
            work += self._follow([self.start, *current.values()], text, place, waiting)
            if id(self._end) in waiting:
                return True
            if place == len(text) or work > WORK_MAX:
                break
            character = text[place]
            current = {
                id(out): out
                for state in waiting.values()
                if state.holds is not None and state.holds(character)
                for out in state.out
            }
        return False

    def _follow(self, stack: list[State], text: str, place: int, waiting: dict[int, State]) -> int:
        seen: set[int] = set()
        while stack:
            state = stack.pop()
            if id(state) in seen:
                continue
            seen.add(id(state))
            if state.holds is not None or state is self._end:
                waiting[id(state)] = state
            elif not state.assertion or _asserted(state.assertion, text, place):
                stack.extend(state.out)
        return len(seen)

    # Parsing. Each rule gives a function from "what comes after" to "where it begins".

    def _state(self, holds: Holds | None = None, assertion: str = "") -> State:
        self._states += 1
        if self._states > STATES_MAX:
            raise self._wrong(N_("The pattern %(pattern)r is too large."))
        return State(holds, assertion)

    def _wrong(self, sentence: str, **places: object) -> BadExpression:
        return BadExpression(sentence, pattern=self.source[:60], **places)

    def _peek(self) -> str:
        return self.source[self._at : self._at + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise self._wrong(N_("The pattern %(pattern)r ends too early."))
        self._at += 1
        return character

    def _alternatives(self) -> Part:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise self._wrong(N_("The pattern %(pattern)r is nested too deep."))
        branches = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._sequence())
        self._depth -= 1
        if len(branches) == 1:
            return branches[0]

        def build(after: State) -> State:
            split = self._state()
            split.out = [branch(after) for branch in branches]
            return split

        return build

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))

        def build(after: State) -> State:
            for part in reversed(parts):
                after = part(after)
            return after

        return build

    def _repeated(self, part: Part) -> Part:
        while (quantifier := self._peek()) and quantifier in "*+?{":
            counts = _COUNTS.match(self.source, self._at)
            if quantifier == "{":
                if counts is None:
                    raise self._wrong(
                        N_("In the pattern %(pattern)r { needs a number and } after it.")
                    )
                self._at = counts.end()
                least = int(counts[1])
                most = least if counts[2] is None else int(counts[3]) if counts[3] else None
            else:
                self._at += 1
                least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[quantifier]
            if most is not None and most < least:
                raise self._wrong(
                    N_("In the pattern %(pattern)r the numbers in { } are the wrong way round.")
                )
            if self._peek() == "?":  # reluctant: makes no difference to whether it matches
                self._at += 1
            part = self._times(part, least, most)
        return part

    def _times(self, part: Part, least: int, most: int | None) -> Part:
        def build(after: State) -> State:
            if most is None:
                loop = self._state()
                loop.out = [part(loop), after]
                start = loop
            else:
                start = after
                for _ in range(most - least):
                    split = self._state()
                    split.out = [part(start), after]
                    start = split
            for _ in range(least):
                self._state()  # counted, so that `(){999}{999}{999}` is too large as well
                start = part(start)
            return start

        return build

    def _atom(self) -> Part:  # noqa: PLR0911 (a case each)
        character = self._take()
        if character == "(":
            return self._group()
        if character in "^$":
            return self._single(assertion=character)
        if character in "*+?":
            raise self._wrong(
                N_("In the pattern %(pattern)r the %(text)r has nothing before it."), text=character
            )
        if character == "[":
            return self._single(self._class())
        if character == ".":
            return self._single(lambda c: c not in "\n\r")
        if character == "\\":
            if self._peek() in ("b", "B"):
                return self._single(assertion="\\" + self._take())
            escaped = self._escape()
            return self._single(escaped if callable(escaped) else _same(escaped))
        return self._single(_same(character))

    def _group(self) -> Part:
        if self.source.startswith("?:", self._at):
            self._at += 2
        elif self._peek() == "?":
            raise self._wrong(N_("The pattern %(pattern)r looks ahead or behind or names a group."))
        inner = self._alternatives()
        if self._take() != ")":
            raise self._wrong(N_("In the pattern %(pattern)r a bracket is not closed."))
        return inner

    def _single(self, holds: Holds | None = None, assertion: str = "") -> Part:
        def build(after: State) -> State:
            state = self._state(holds, assertion)
            state.out = [after]
            return state

        return build

    def _escape(self) -> Holds | str:
        code = _CODE.match(self.source, self._at)
        if code:
            self._at = code.end()
            number = int(code[1] or code[2] or code[3], 16)
            return chr(min(number, 0x10FFFF))
        character = self._take()
        if character.lower() in _CLASS_ESCAPES:
            holds = _CLASS_ESCAPES[character.lower()]
            return (lambda c: not holds(c)) if character.isupper() else holds
        if character in _CONTROL_ESCAPES:
            return _CONTROL_ESCAPES[character]
        if character.isascii() and character.isalnum():
            raise self._wrong(
                N_("The pattern %(pattern)r uses \\%(text)s, which means nothing here."),
                text=character,
            )
        return character

    def _class(self) -> Holds:
        negated = self._peek() == "^"
        if negated:
            self._at += 1
        tests: list[Holds] = []
        singles: set[str] = set()
        first = True
        while first or self._peek() != "]":
            first = False
            low = self._class_item()
            if callable(low):
                tests.append(low)
                continue
            if self._peek() == "-" and self.source[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                high = self._class_item()
                if callable(high) or high < low:
                    raise self._wrong(
                        N_("In the pattern %(pattern)r a range in [ ] is the wrong way round.")
                    )
                tests.append(_between(low, high))
            else:
                singles.add(low)
        self._at += 1
        inside = frozenset(singles)

        def holds(character: str) -> bool:
            held = character in inside or any(test(character) for test in tests)
            return held != negated

        return holds

    def _class_item(self) -> Holds | str:
        character = self._take()
        if character == "\\":
            return self._escape()
        return character


def _same(wanted: str) -> Holds:
    return lambda character: character == wanted


def _between(low: str, high: str) -> Holds:
    return lambda character: low <= character <= high


def _asserted(assertion: str, text: str, place: int) -> bool:
    if assertion == "^":
        return place == 0
    if assertion == "$":
        return place == len(text)
    word = _CLASS_ESCAPES["w"]
    before = place > 0 and word(text[place - 1])
    after = place < len(text) and word(text[place])
    return (before != after) == (assertion == "\\b")


@lru_cache(maxsize=256)
def _pattern(source: str) -> Pattern:
    return Pattern(source)


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found anywhere in the text."""
    return _pattern(pattern).finds(text)
