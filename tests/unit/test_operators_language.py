"""An operator of central reads her commands in Lao or in English, not in a mixture of both."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import speech
from sync.central import __main__ as central_program
from sync.central import commands as central_commands
from sync.central.arguments import parser
from sync.central.terminal import look_up, without_language
from tests.spoken import commands, english_in, untranslated

CENTRAL = Path(central_program.__file__).parent
SPEAK = (
    "__main__",
    "arguments",
    "commands",
    "casework/audit",
    "casework/seals",
    "evidence_place",
    "intake/evidence_bucket",
    "intake/evidence_folder",
    "intake/log_audit",
    "intake/offices",
    "keys",
)
LAO = re.compile(r"[\u0e80-\u0eff]")


@pytest.fixture(autouse=True)
def english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(speech._Spoken, "look_up", staticmethod(look_up))
    yield
    speech.speak(speech.FALL_BACK)


def test_the_help_of_every_command_is_in_lao() -> None:
    speech.speak("lo")
    left: dict[str, str] = {}
    for command in commands(parser()):
        text = command.format_help()
        assert text.startswith("ວິທີໃຊ້: python -m sync.central")
        left |= {f"{command.prog}: {one}": text for one in english_in(text)}
    assert list(left) == []


def test_the_program_speaks_the_language_it_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        central_program.main(["kiosk", "--help", "--language", "lo"])
    assert english_in(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    "typed",
    [
        ["dance"],
        ["kiosk", "block", "seven"],
        ["kiosk", "block", "7"],
        ["kiosk", "ring", "first", "7"],
        ["clerk", "pin", "999"],
        ["clerk", "add", "--name", "x", "--office", "nowhere"],
        ["officer", "end", "nobody"],
        ["keys", "revoke", "00", "--why", "lost"],
        ["keys", "add", "00", "--name", "x", "--services", "la."],
        ["office", "load", "nowhere.yaml"],
        ["publish", "nowhere"],
        ["stick", "nowhere"],
        ["open-support", "nowhere"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("central")
def test_a_mistake_is_told_in_the_operator_s_language(
    typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for language in ("en", "lo"):
        rest = without_language(["--language", language, *typed])
        try:
            ended: object = central_commands.run(parser().parse_args(rest))
        except SystemExit as end:
            ended = end.code
        assert ended
        told[language] = "".join(capsys.readouterr())
    assert english_in(told["en"].replace("usage: ", "ວິທີໃຊ້: "))
    assert not LAO.search(told["en"])
    assert english_in(told["lo"]) == []
    assert LAO.search(told["lo"])


@pytest.mark.usefixtures("central")
def test_what_went_well_is_told_in_lao(capsys: pytest.CaptureFixture[str]) -> None:
    for typed in (["kiosk", "list"], ["keys", "list"], ["audit"], ["set-aside"], ["escalate"]):
        assert (
            central_commands.run(parser().parse_args(without_language([*typed, "--language=lo"])))
            == 0
        )
        said = capsys.readouterr().out
        assert english_in(said) == []
        assert LAO.search(said) or typed == ["kiosk", "list"]  # there is none yet


def test_the_variable_and_the_system_choose_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENTRAL_LANGUAGE", "en")
    monkeypatch.setenv("LANG", "lo_LA.UTF-8")
    assert without_language(["audit"]) == ["audit"]
    assert speech.language() == "en"


@pytest.mark.parametrize("module", SPEAK)
def test_every_sentence_of_the_commands_is_one_for_the_catalogues(module: str) -> None:
    tree = ast.parse((CENTRAL / f"{module}.py").read_text("utf-8"))
    assert list(untranslated(tree)) == []
