"""What people type becomes clean text, and is of its kind or not."""

import pytest

from kiosk.forms.answers import LENGTH_MAX, clean, clean_for, is_partial_date, wrong_kind
from kiosk.forms.definition import QuestionKind


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ສົມ\u200bສີ", "ສົມສີ"),
        ("a\x00b\x1b[2Jc\x7f\x9b", "ab[2Jc"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb", "a b"),
        ("\u202egnp.exe\u202c \u2066x\u2069", "gnp.exe x"),
        ("e\u0301", "é"),
        ("ນ\u0ecd\u0ec9\u0eb2", "ນ\u0ec9\u0eb3"),
        ("ນ\u0ec9\u0ecd\u0eb2", "ນ\u0ec9\u0eb3"),
        ("ຄ\u0ecd\u0eb2", "ຄຳ"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a \u200d b\u200c", "a  b"),
        ("\ufefftext\U000e0041", "text"),
        ("z" + "\u0301" * 50, "\u017a" + "\u0301" * 8),
    ],
)
def test_text_is_kept_clean(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_text_is_never_longer_than_the_cap() -> None:
    assert len(clean("x" * 50_000)) == LENGTH_MAX
    assert len(clean("\ufb2c" * 9_999)) <= LENGTH_MAX  # NFC makes three of one


def test_lao_digits_count_and_a_touch_acknowledges() -> None:
    assert clean_for(QuestionKind.INTEGER, " ໑໒ ") == "12"
    assert clean_for(QuestionKind.PARTIAL_DATE, "໒໕໓໓-໐໕") == "2533-05"
    assert clean_for(QuestionKind.TEXT, "ບ້ານ ໑໒") == "ບ້ານ ໑໒"
    assert clean_for(QuestionKind.TEXT, "໐໒໐ 5", of_digits=True) == "020 5"
    assert clean_for(QuestionKind.ACKNOWLEDGE, "true") == "OK"
    assert clean_for(QuestionKind.ACKNOWLEDGE, "no") == ""


@pytest.mark.parametrize("text", ["1990", "1990-05", "1990-05-12", "2024-02-29"])
def test_a_partial_date_exists(text: str) -> None:
    assert is_partial_date(text)


@pytest.mark.parametrize(
    "text", ["", "90", "1990-13", "1990-02-30", "1990-5", "0000", "1990-", "2023-02-29", "໑໙໙໐"]
)
def test_what_is_no_date_is_not_a_partial_one(text: str) -> None:
    assert not is_partial_date(text)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (QuestionKind.INTEGER, ["0", "-3", "007"], ["1.0", "x", "1e3", "9" * 19, "໑"]),
        (QuestionKind.DECIMAL, ["1", "1.5", ".5", "-2."], ["1,5", "NaN", "--1", "."]),
        (QuestionKind.DATE, ["2026-11-23"], ["2026-11-31", "23/11/2026", "2026-11-23T10:00"]),
        (QuestionKind.TIME, ["08:30", "08:30:00.000+07:00"], ["24:00", "8:30", "noon"]),
        (QuestionKind.DATE_TIME, ["2026-11-23T08:30:00Z"], ["2026-11-23", "2026-11-23T08:61"]),
        (QuestionKind.TEXT, ["x" * 2_000], ["x" * 2_001]),
    ],
)
def test_an_answer_is_of_its_kind_or_not(
    kind: QuestionKind, good: list[str], bad: list[str]
) -> None:
    assert [text for text in good if wrong_kind(kind, text)] == []
    assert [text for text in bad if not wrong_kind(kind, text)] == []
