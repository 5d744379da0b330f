"""A technician reads her commands in Lao; where nothing says so, in English, on any terminal."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import __main__ as kiosk
from kiosk import speech
from sync.sentence import Sentence
from tests.spoken import commands, english_in, untranslated

ROOT = Path(__file__).resolve().parent.parent.parent
SPEAK = (
    "__main__",
    "config",
    "field/doctor",
    "field/forms",
    "field/printers",
    "field/provision",
    "field/reset",
    "field/road",
    "field/running",
    "field/site",
)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speech.speak(speech.FALL_BACK)


def test_the_help_of_every_command_is_in_lao() -> None:
    speech.speak("lo")
    left: dict[str, str] = {}
    for command in commands(kiosk._parser()):
        text = command.format_help()
        assert text.startswith("ວິທີໃຊ້: kiosk")
        left |= {f"{command.prog}: {one}": text for one in english_in(text)}
    assert list(left) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["dance"], 2),
        (["queue"], 2),
        (["queue", "export"], 2),
        (["run", "more"], 2),
        (["printer", "set", "--baud"], 2),
        (["printer", "set", "--baud", "abc"], 2),
        (["printer", "set", "--profile", "nobody-s"], 1),
        (["printer", "status"], 1),
        (["forms", "export", "x"], 2),
        (["sync"], 2),
        (["sync", "status"], 1),
        (["provision"], 1),
        (["provision", "--central", "http://far.example"], 1),
        (["provision", "--central", "https://a.example", "--panel", "round"], 1),
    ],
    ids=str,
)
def test_a_mistake_is_told_in_lao_with_the_same_exit_code(
    typed: list[str], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for language in ("en", "lo"):
        words = ["--folder", str(tmp_path / "k"), *typed, "--language", language]
        try:
            ended: object = kiosk.main(words)
        except SystemExit as end:
            ended = end.code
        assert ended == code
        told[language] = "".join(capsys.readouterr())
    assert english_in(told["en"].replace("usage: ", "ວິທີໃຊ້: "))
    assert english_in(told["lo"]) == []
    assert re.search(r"[\u0e80-\u0eff]", told["lo"])


@pytest.mark.parametrize("name", ["none", "x = ", "panel = 'round'", "idle_s = 1", "keep_days = 0"])
def test_a_mistake_in_the_settings_is_told_in_lao(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kiosk.toml").write_text(name.replace("'", '"'), "utf-8")
    assert kiosk.main(["--language", "lo", "--folder", str(tmp_path), "sync", "once"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("kiosk: ")
    assert re.search(r"[\u0e80-\u0eff]", said)


@pytest.mark.parametrize(
    ("typed", "environment", "settings", "spoken"),
    [
        ([], {}, "", "en"),
        ([], {"LANG": "lo_LA.UTF-8"}, "", "lo"),
        ([], {"LANG": "lo_LA.UTF-8", "LC_ALL": "C.UTF-8"}, "", "en"),
        ([], {"LANG": "fr_FR.UTF-8"}, "", "en"),
        ([], {"LANG": "lo"}, 'technician_language = "en"', "en"),
        ([], {}, 'technician_language = "lo"', "lo"),
        ([], {"KIOSK_LANGUAGE": "en"}, 'technician_language = "lo"', "en"),
        ([], {}, "technician_language = [", "en"),
        (["--language", "en"], {"KIOSK_LANGUAGE": "lo"}, "", "en"),
        (["sync", "--language=lo"], {"KIOSK_LANGUAGE": "en"}, "", "lo"),
    ],
)
def test_who_says_it_last_chooses_the_language(
    typed: list[str], environment: dict[str, str], settings: str, spoken: str, tmp_path: Path
) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(settings, "utf-8")
    wanted = speech.wanted_at_a_kiosk(environment, path)
    screen = io.TextIOWrapper(io.BytesIO(), "utf-8")
    rest = speech.without_language(typed, wanted, environment, screen)
    assert speech.language() == spoken
    assert rest == [word for word in typed if word == "sync"]


def test_a_terminal_that_cannot_write_lao_is_spoken_to_in_english() -> None:
    screen = io.TextIOWrapper(io.BytesIO(), "latin-1")
    speech.without_language([], "", {"LANG": "lo_LA"}, screen)
    assert speech.language() == "en"


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    sentence = Sentence(
        "The settings %(file)s cannot be read (%(why)s). Run `kiosk provision` to write them.",
        file="kiosk.toml",
        why=Sentence("No such file or directory"),
    )
    assert "(No such file or directory)" in sentence
    speech.speak("lo")
    assert english_in(speech.said(sentence)) == []


def test_lines_of_help_break_between_words_and_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    speech.speak("lo")
    for line in kiosk._parser().format_help().splitlines()[6:]:
        assert speech._columns(line) <= 60
        assert not re.match(r"\s*[\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd]", line)  # a mark without letter


@pytest.mark.parametrize("module", SPEAK)
def test_every_sentence_of_the_commands_is_one_for_the_catalogues(module: str) -> None:
    tree = ast.parse((ROOT / "kiosk" / f"{module}.py").read_text("utf-8"))
    assert list(untranslated(tree)) == []
