"""Which patterns would take minutes in the programs that backtrack.

Our own matcher cannot explode (see `regex`), but the same XForm is also run by ODK Collect and by
Enketo, where `(a+)+$` against thirty letters stands still. Such a pattern can read one text in two
ways around a loop; that is looked for in the states of our own matcher: two different walks from a
state back to it over the same characters (Weber and Seidl 1991).
"""

import string
from collections.abc import Iterable, Mapping
from itertools import product

from kiosk.forms.engine.regex import Part, Pattern, State

STATES_MAX = 400  # more of them are refused unseen
STATES_IN_LOOP_MAX = 60  # pairs of them are looked at
WALKS_MAX = 10_000  # from one character to the next
OFTEN = 8  # times more than must be: `{1,30}` in `{1,30}` is no better than `+` in `+`
VISITS_MAX = 2  # of one split on the way: a second time around is another way
# What patterns tell apart: ASCII, Lao, and characters of neither
_ALPHABET = string.printable + "".join(chr(code) for code in range(0x0E81, 0x0EE0)) + "é中"

Graph = Mapping[int, set[int]]


class _Endless(Pattern):
    """The pattern as if whatever may repeat often could repeat without end."""

    def _times(self, part: Part, least: int, most: int | None) -> Part:
        if most is not None and most - least >= OFTEN:
            return super()._times(part, min(least, 1), None)
        return super()._times(part, least, most)


def explodes(source: str) -> bool:
    """Whether a program that backtracks may take exponential time over the pattern.

    Raises:
        BadExpression: it is no pattern.
    """
    states = _consuming(_Endless(source).start)
    if len(states) > STATES_MAX:
        return True
    after: dict[int, set[int]] = {}
    doubled: dict[int, set[int]] = {}
    for number, state in states.items():
        after[number], doubled[number] = _next_of(state)
    characters = {number: _taken(state, source) for number, state in states.items()}
    return any(_is_ambiguous(loop, after, doubled, characters) for loop in _loops(after))


def _is_ambiguous(
    loop: set[int], after: Graph, doubled: Graph, characters: Mapping[int, set[str]]
) -> bool:
    """Whether some text leads around the loop, from a state to itself, in two ways."""
    if len(loop) > STATES_IN_LOOP_MAX or any(doubled[number] & loop for number in loop):
        return True
    pairs = {pair for pair in product(loop, loop) if characters[pair[0]] & characters[pair[1]]}
    numbers = {pair: number for number, pair in enumerate(pairs)}
    steps = {
        numbers[left, right]: {
            numbers[pair] for pair in product(after[left], after[right]) if pair in numbers
        }
        for left, right in pairs
    }
    same = {numbers[number, number] for number in loop if (number, number) in numbers}
    return any(around & same and around - same for around in _loops(steps))


def _consuming(start: State) -> dict[int, State]:
    """Every state that takes a character, by its identity."""
    found: dict[int, State] = {}
    stack, seen = [start], {id(start)}
    while stack:
        state = stack.pop()
        if state.holds is not None:
            found[id(state)] = state
        for out in state.out:
            if id(out) not in seen:
                seen.add(id(out))
                stack.append(out)
    return found


def _next_of(state: State) -> tuple[set[int], set[int]]:
    """The states that may take the next character; those among them with two ways to them."""
    found: set[int] = set()
    doubled: set[int] = set()
    stack: list[tuple[State, tuple[int, ...]]] = [(out, ()) for out in state.out]
    walks = 0
    while stack:
        here, way = stack.pop()
        walks += 1
        if walks > WALKS_MAX:
            return found, set(found)
        if here.holds is not None:
            (doubled if id(here) in found else found).add(id(here))
            continue
        if way.count(id(here)) < VISITS_MAX:
            stack += [(out, (*way, id(here))) for out in here.out]
    return found, doubled


def _taken(state: State, source: str) -> set[str]:
    assert state.holds is not None
    return {character for character in {*_ALPHABET, *source} if state.holds(character)}


def _loops(graph: Graph) -> Iterable[set[int]]:
    """The sets of nodes that reach one another (Tarjan 1972), each with a way around."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    held: list[int] = []
    waiting: set[int] = set()
    for root in graph:
        if root in order:
            continue
        work = [(root, iter(graph[root]))]
        order[root] = low[root] = len(order)
        held.append(root)
        waiting.add(root)
        while work:
            node, steps = work[-1]
            step = next((one for one in steps if one in graph), None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    place = held.index(node)
                    loop = set(held[place:])
                    del held[place:]
                    waiting -= loop
                    if len(loop) > 1 or node in graph[node]:
                        yield loop
            elif step not in order:
                order[step] = low[step] = len(order)
                held.append(step)
                waiting.add(step)
                work.append((step, iter(graph[step])))
            elif step in waiting:
                low[node] = min(low[node], order[step])
