"""Whole forms behave step by step as ODK's engine does, but for what is named here."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from kiosk.forms.compile import compile_form
from kiosk.forms.engine.node import Node
from kiosk.forms.entry import Entry
from kiosk.forms.route import Asked

LINES = (Path(__file__).parent / "form_sessions.jsonl").read_text("utf-8").splitlines()
ALL = [json.loads(line) for line in LINES]
ZONE = timezone(timedelta(hours=-7))  # America/Phoenix, where all were recorded
RESTORED = ("s227", "s250", "s283")  # they open a form that was saved: with what they hold at first
DIFFERENCES = {
    "s225": "the reference runs a text's long and short shapes together; we show the long one",
}
SESSIONS = [session for session in ALL if not session.get("flags")]


def entry_of(session: dict[str, Any]) -> Entry:
    files = {name.rpartition("/")[2]: text.encode() for name, text in session["resources"].items()}
    definition = compile_form(session["form_xml"], files)
    now = datetime.fromtimestamp(session["now_ms"] / 1000, ZONE)
    language = definition.default_language
    options: dict[str, Any] = {"today": now.date(), "now": lambda: now, "zone": ZONE}
    if session["id"] in RESTORED:
        record = {"answers": saved_answers(session["initial"])}
        return Entry.from_record(definition, record, language=language, **options)
    return Entry(definition, language=language, **options)


def saved_answers(initial: dict[str, Any]) -> dict[str, Any]:
    """What a saved form held, nested as a record is; repeats are lists, groups in none."""
    answers: dict[str, Any] = {}
    for path, state in initial.items():
        if "v" not in state or "meta" in path:
            continue
        _root, *above, name = path.strip("/").split("/")
        held = answers
        for step in above:
            repeat = held.setdefault(step.partition("[")[0], [])
            repeat.append({})
            held = repeat[-1]
        held[name] = as_ours("v", state)
    return answers


def differing(entry: Entry, expected: dict[str, Any]) -> Iterator[str]:
    for path, wanted in expected.items():
        if path.endswith("#range") or "meta" in path:  # ours come from the form alone
            continue
        node = entry._model.find(path)
        if node is None:
            yield f"{path} is missing"
            continue
        for key, value in state_of(entry, node, wanted).items():
            if value != as_ours(key, wanted):
                yield f"{path} {key}: {value!r} instead of {as_ours(key, wanted)!r}"


def state_of(entry: Entry, node: Node, wanted: dict[str, Any]) -> dict[str, Any]:
    model = entry._model
    state: dict[str, Any] = {
        "rel": node.relevant,
        "ro": model.is_readonly(node),
        "req": model.holds(model.program.bind(node.path).required, node, default=False),
    }
    if "v" in wanted:
        state["v"] = node.text()
    control = model.program.controls.get(node.path)
    if control is not None:
        violation = entry._checker.violation(Asked(control, node)) if node.relevant else None
        # A wrong type is ours to say: the reference has dropped such a value already.
        state["viol"] = violation.kind if violation and violation.kind != "type" else None
        if wanted.get("choices"):
            choices = entry._labels.choices(control, node)
            state["choices"] = [[choice.name, choice.label] for choice in choices]
    return state


def as_ours(key: str, wanted: dict[str, Any]) -> Any:
    held = wanted.get(key)
    if key == "v":
        return " ".join(held) if isinstance(held, list) else held or ""
    return (held or {}).get("c") if key == "viol" else held


def plain(path: str) -> str:
    return "/".join(step.partition("[")[0] for step in path.split("/"))


def text_of(entry: Entry, node: Node, value: object) -> str:
    """A value as our callers write it: the reference's tests pass booleans."""
    if isinstance(value, bool):
        bind = entry._model.program.bind(node.path)
        yes, no = ("1", "0") if bind.type == "boolean" else ("OK", "")
        return yes if value else no
    return str(value)


def take(entry: Entry, step: dict[str, Any]) -> None:
    model, path = entry._model, step["ref"]
    if step["op"] == "answer":
        node = model.find(path)
        assert node is not None
        model.set(node, text_of(entry, node, step["args"][-1]))
    elif step["op"] == "new_repeat":
        model.add_repeat(plain(path), model.find(path.rpartition("/")[0]))
    else:
        assert step["op"] == "remove_repeat"
        node = model.find(step["args"][0])
        assert node is not None
        model.remove_repeat(node)


def differences(session: dict[str, Any]) -> list[str]:
    entry = entry_of(session)
    found = list(differing(entry, session["initial"]))
    for step in session["steps"]:
        take(entry, step)
        found.extend(differing(entry, step["changed"]))
        gone = [path for path in step["gone"] or () if "#" not in path]
        found.extend(f"{path} is still there" for path in gone if entry._model.find(path))
    return found


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session["id"])
def test_a_form_behaves_as_the_reference_does(session: dict[str, Any]) -> None:
    found = differences(session)
    assert bool(found) == (session["id"] in DIFFERENCES), found


def test_sessions_left_out_are_those_with_a_clock_randomness_or_geography() -> None:
    flags = {flag for session in ALL for flag in session.get("flags") or ()}
    assert flags <= {"clock-or-random", "geo"}
    assert len(ALL) - len(SESSIONS) == 11
