"""What stands on the keys of the screen's keyboard: data only.

Lao follows the national layout as X11 has it (xkeyboard-config, symbols/la, "basic"), so that
who can type elsewhere can type here; the thirteenth key of its second row moved to the end of the
third, because twelve keys of 15 mm fill a 10.1 inch panel. Where X11 leaves a shifted place empty,
stand the vowels with a tone mark that the Windows layout has there. A word in braces is not typed
but done.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of one keyboard page, without and with shift."""

    name: str  # what the key that leads here says
    plain: tuple[tuple[str, ...], ...]
    shifted: tuple[tuple[str, ...], ...] | None = None


def _rows(*rows: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row.split()) for row in rows)


LAYOUTS = {
    "lo": Layout(
        "ກຂຄ",
        _rows(
            "ຢ ຟ ໂ ຖ ຸ ູ ຄ ຕ ຈ ຂ ຊ ໍ",
            "ົ ໄ ຳ ພ ະ ິ ີ ຣ ນ ຍ ບ ລ",
            "ັ ຫ ກ ດ ເ ້ ່ າ ສ ວ ງ ໜ",
            "{shift} ຜ ປ ແ ອ ຶ ື ທ ມ ໃ ຝ {backspace}",
        ),
        _rows(
            "໑ ໒ ໓ ໔ ໌ ຼ ໕ ໖ ໗ ໘ ໙ ໍ່",
            "ົ້ ໐ ຳ້ _ + ິ້ ີ້ ຮ ນ ຽ - }",
            "ັ້ ; . , : ໊ ໋ ! ? % = ໝ",
            '{shift} ₭ ( ຯ " ຶ້ ື້ ໆ ` $ ) {backspace}',
        ),
    ),
    "latin": Layout(
        "abc",
        _rows(
            "1 2 3 4 5 6 7 8 9 0 - '",
            "q w e r t y u i o p . ,",
            "a s d f g h j k l @ / :",
            "{shift} z x c v b n m ( ) _ {backspace}",
        ),
        _rows(
            '1 2 3 4 5 6 7 8 9 0 + "',
            "Q W E R T Y U I O P . ,",
            "A S D F G H J K L # & ;",
            "{shift} Z X C V B N M ! ? % {backspace}",
        ),
    ),
    "digits": Layout(
        "123",
        _rows(
            "1 2 3 4 5 6",
            "7 8 9 0 . ,",
            "- / ( ) : +",
            "# & % @ ' {backspace}",
        ),
    ),
}

LAST_ROWS = {
    "lo": "{latin} {digits} {space} {hide}",
    "latin": "{lo} {digits} {space} {hide}",
    "digits": "{lo} {latin} {space} {hide}",
}
WIDTHS = {"{space}": 5.0, "{hide}": 1.5, "{lo}": 2.0, "{latin}": 2.0, "{digits}": 2.0}

PADS = {  # whole keyboards of their own, for questions that want nothing else
    "number": _rows("1 2 3", "4 5 6", "7 8 9", "{clear} 0 {backspace}"),
    "decimal": _rows("1 2 3", "4 5 6", "7 8 9", ". 0 {backspace}"),
    # Crockford's base 32 has no I, L, O and U: nothing to mistake for 1, 0 or V.
    "reference": _rows(
        "1 2 3 4 5 6 7 8",
        "9 0 A B C D E F",
        "G H J K M N P Q",
        "R S T V W X Y Z",
    ),
}


def combining(character: str) -> bool:
    """Whether the text stands on the letter before it, so that its key shows a dotted circle."""
    first = character[0]
    after = first in "\u0eb2\u0eb3"  # these two stand beside the letter
    return ("\u0eb1" <= first <= "\u0ebc" and not after) or "\u0ec8" <= first <= "\u0ece"
