"""The keyboard can type what people are called, where they live and what they say."""

import unicodedata
from itertools import chain

from kiosk.screens.keys import LAST_ROWS, LAYOUTS, PADS, combining

KEYS_A_ROW_MAX = 12  # of 15 mm on a 10.1 inch panel


def typed(name: str) -> set[str]:
    layout = LAYOUTS[name]
    rows = chain(layout.plain, layout.shifted or ())
    return {part for row in rows for key in row if not is_command(key) for part in key}


def is_command(key: str) -> bool:
    return key.startswith("{") and len(key) > 1


def test_every_lao_letter_mark_and_digit_can_be_typed() -> None:
    block = {chr(point) for point in range(0x0E80, 0x0EE0)}
    assigned = {c for c in block if unicodedata.category(c) != "Cn"}
    # Pali letters (Unicode 12) and Khmu's two are not in daily Lao; the rest must be there.
    rare = set("ຆຉຌຎຏຐຑຒຓຘຠຨຩຬ຺ໞໟ໎")
    assert assigned - rare - typed("lo") == set()


def test_every_latin_letter_and_digit_can_be_typed() -> None:
    letters = {chr(code) for base in ("a", "A") for code in range(ord(base), ord(base) + 26)}
    assert letters | set("0123456789") <= typed("latin")


def test_shift_changes_keys_and_never_their_places() -> None:
    for layout in LAYOUTS.values():
        if layout.shifted is not None:
            assert [len(row) for row in layout.plain] == [len(row) for row in layout.shifted]


def test_no_row_is_wider_than_the_panel() -> None:
    rows = [row for layout in LAYOUTS.values() for row in layout.plain]
    assert max(len(row) for row in rows + [r for pad in PADS.values() for r in pad]) == (
        KEYS_A_ROW_MAX
    )


def test_every_page_leads_to_the_others() -> None:
    assert set(LAST_ROWS) == set(LAYOUTS)
    for name, row in LAST_ROWS.items():
        others = {f"{{{other}}}" for other in LAYOUTS if other != name}
        assert others <= set(row.split())


def test_a_mark_shows_its_dotted_circle_and_a_vowel_beside_the_letter_does_not() -> None:
    assert [combining(c) for c in ("ິ", "່", "ົ້", "າ", "ຳ", "ກ", "a")] == [
        *(True, True, True),
        *(False, False, False, False),
    ]
