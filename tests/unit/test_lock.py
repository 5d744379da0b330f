"""What is installed is what was locked and tested: by version and hash, from no fixed address."""

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.materials import bill

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
RUN = [*PROJECT["dependencies"], *EXTRAS["kiosk"], *EXTRAS["central"], *EXTRAS["camera"]]
LOCKS = {"requirements.lock": RUN, "requirements-dev.lock": [*RUN, *EXTRAS["dev"]]}
ENTRY = re.compile(
    r"^([a-z0-9-]+)==(\S+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def locked(name: str) -> dict[str, str]:
    """Version by package: those that have a hash."""
    text = (ROOT / name).read_text("ascii")
    return {entry[1]: entry[2] for entry in ENTRY.finditer(text)}


def names(requirements: Iterable[str]) -> set[str]:
    found = {re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements}
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


@pytest.mark.parametrize("name", LOCKS)
def test_each_requirement_of_the_project_is_locked_with_a_hash(name: str) -> None:
    assert names(LOCKS[name]) - set(locked(name)) == set()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(name: str) -> None:
    text = (ROOT / name).read_text("ascii")
    assert ENTRY.sub("", text).strip() == ""


def test_a_bill_of_materials_lists_what_is_locked_and_names_no_index() -> None:
    text = bill()
    made = json.loads(text)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    listed = {(one["name"], one["version"]) for one in made["components"]}
    lock = (ROOT / "requirements.lock").read_text("ascii")
    entries = re.findall(r"(?m)^[a-z0-9-]+==", lock)
    assert len(listed) == len(made["components"]) == len(entries)
    assert listed >= set(locked("requirements.lock").items())
    hashes = {found["content"] for one in made["components"] for found in one["hashes"]}
    assert hashes == set(re.findall(r"--hash=sha256:([0-9a-f]{64})", lock))
    assert all(one["purl"].startswith("pkg:pypi/") for one in made["components"])
    assert "://" not in text
    assert text == bill()  # two bills can be compared
    here = {one["name"]: one for one in json.loads(bill(of_here=True))["components"]}
    assert set(here) <= set(locked("requirements.lock"))
    assert here["kivy"]["version"] == locked("requirements.lock")["kivy"]


def test_tests_run_on_what_is_installed_in_the_field() -> None:
    run, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: dev.get(name) for name in run} == run


def test_the_exact_kivy_that_the_screens_override_is_locked() -> None:
    exact = next(wanted for wanted in EXTRAS["kiosk"] if wanted.startswith("kivy"))
    assert f"kivy=={locked('requirements.lock')['kivy']}" == exact
