"""A new technician finds her way by --help alone, and a mistake is a sentence, not a traceback."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import VERSION
from kiosk import __main__ as kiosk
from sync.central import arguments as central
from tests.spoken import commands

PARSERS = {"kiosk": kiosk._parser, "central": central.parser}
ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = {"kivy", "PIL", "pyxform", "openpyxl", "sqlite_utils", "nacl"}


def typed(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", PARSERS)
def test_every_command_and_every_option_says_what_it_is(name: str) -> None:
    silent = []
    for command in commands(PARSERS[name]()):
        for action in command._actions:
            if isinstance(action, argparse._SubParsersAction):
                told = {choice.dest for choice in action._choices_actions if choice.help}
                silent += [f"{command.prog} {choice}" for choice in set(action.choices) - told]
            elif not action.help:
                silent.append(f"{command.prog} {action.dest}")
    assert silent == []


@pytest.mark.parametrize("name", PARSERS)
def test_every_command_answers_to_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in commands(PARSERS[name]()):
        assert command.format_help().startswith(f"usage: {command.prog}")
    with pytest.raises(SystemExit) as end:
        PARSERS[name]().parse_args(["--help"])
    assert end.value.code == 0
    assert "usage:" in capsys.readouterr().out


@pytest.mark.parametrize("name", PARSERS)
def test_an_unknown_command_is_a_wrong_call(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        PARSERS[name]().parse_args(["dance"])
    assert end.value.code == 2
    assert "dance" in capsys.readouterr().err


def test_bare_the_program_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert kiosk.main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert all(f"\n    {command} " in said.err for command in ("run", "provision", "sync", "queue"))


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        kiosk.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"kiosk {VERSION}\n"


def test_a_number_that_is_none_is_said_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        kiosk.main(["printer", "set", "--baud", "abc"])
    assert "'abc' is no whole number" in capsys.readouterr().err


def test_a_machine_that_is_no_kiosk_says_so_before_its_window_says_anything(
    tmp_path: Path,
) -> None:
    (tmp_path / "kiosk.toml").write_text("", "utf-8")
    asked = typed(tmp_path, "kiosk", "--folder", ".", "run", DISPLAY=":99")
    assert (asked.returncode, asked.stderr) == (1, f"kiosk: {kiosk.NO_KIOSK}\n")


def test_help_loads_no_window_and_no_spreadsheet(tmp_path: Path) -> None:
    asked = typed(tmp_path, "kiosk", "--help", PYTHONPROFILEIMPORTTIME="1")
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in asked.stderr.split("\n")
    }
    assert asked.returncode == 0
    assert "argparse" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("command", [("run",), ("sync", "once"), ("sync", "status")])
def test_a_machine_that_is_no_kiosk_yet_says_what_to_do(
    tmp_path: Path,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert kiosk.main([*command, "--language", "en"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("kiosk: The settings kiosk-data/kiosk.toml cannot be read")
    assert said.count("\n") == 1
    assert "kiosk provision" in said


def test_a_kiosk_without_a_display_says_so(tmp_path: Path) -> None:
    (tmp_path / "kiosk.toml").write_text("", "utf-8")
    asked = typed(tmp_path, "kiosk", "--folder", ".", "run")
    assert asked.returncode == 1
    assert asked.stderr.startswith("kiosk: There is no display here.")


def test_a_central_that_was_not_made_yet_says_what_to_do(tmp_path: Path) -> None:
    asked = typed(tmp_path, "sync.central", "serve", "--port", "0")
    assert asked.returncode == 1
    assert asked.stderr.count("\n") == 1
    assert "init" in asked.stderr
