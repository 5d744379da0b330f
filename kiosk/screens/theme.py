"""Colours as tokens: what each is for, and on which ground it may stand.

Contrast is a property of a pair, so pairs are declared, and a test computes each: 7:1 for text,
3:1 for icons, borders and the focus ring (requirement INC-05). A widget may use only declared
pairs. A theme is data: whoever sees little chooses `STRONG`, with the same tokens, where each pair
of words and ground has 15:1.

Everything asks `theme` for its colours when it is built: what is built after `use_theme` has the
new ones (see `Shell.dress`).
"""

from dataclasses import dataclass

Colour = tuple[float, float, float, float]

TEXT_CONTRAST = 7.0  # WCAG 2.2, 1.4.6
STRONG_TEXT_CONTRAST = 15.0  # INC-05, for whoever chose it
SHAPE_CONTRAST = 3.0  # WCAG 2.2, 1.4.11


def colour(hexadecimal: str) -> Colour:
    """#0B3B6F as Kivy's red, green, blue, alpha."""
    red, green, blue = (int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue, 1.0


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(shade: Colour) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for part in shade[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of everything on screen."""

    text_contrast: float  # what words have at least on every ground declared for them
    page: Colour  # the ground of every page: warm, does not glare
    surface: Colour  # cards, tiles, fields
    ink: Colour  # words
    quiet: Colour  # words that come second
    line: Colour  # borders of what may be touched
    hairline: Colour  # decoration between rows: carries no meaning
    chrome: Colour  # the bar with the fixed places
    chrome_pressed: Colour
    on_chrome: Colour
    action: Colour  # the one main action
    action_pressed: Colour
    on_action: Colour
    brand: Colour  # icons, the word of a link
    pressed: Colour  # a white thing while it is touched
    chosen: Colour  # a choice that was made
    good: Colour
    good_ground: Colour
    warn: Colour
    warn_ground: Colour
    bad: Colour
    bad_ground: Colour
    news: Colour
    news_ground: Colour
    key: Colour  # a key that types
    key_other: Colour  # a key that does something else
    focus: Colour  # the ring around what Enter would press
    focus_ground: Colour
    veil: Colour  # over the page while a question must be answered
    clear: Colour


TEXT_PAIRS = (
    ("ink", "page"),
    ("ink", "surface"),
    ("ink", "pressed"),
    ("ink", "chosen"),
    ("ink", "key"),
    ("ink", "key_other"),
    ("ink", "warn_ground"),
    ("ink", "bad_ground"),
    ("ink", "good_ground"),
    ("ink", "news_ground"),
    ("quiet", "page"),
    ("quiet", "surface"),
    ("brand", "page"),
    ("brand", "surface"),
    ("on_action", "brand"),
    ("on_chrome", "chrome"),
    ("on_chrome", "chrome_pressed"),
    ("on_action", "action"),
    ("on_action", "action_pressed"),
    ("good", "good_ground"),
    ("good", "page"),
    ("warn", "warn_ground"),
    ("bad", "bad_ground"),
    ("bad", "surface"),
    ("bad", "page"),
    ("news", "news_ground"),
)
SHAPE_PAIRS = (
    ("line", "page"),
    ("line", "surface"),
    ("line", "pressed"),
    ("line", "chosen"),
    ("line", "warn_ground"),
    ("good", "page"),
    ("brand", "surface"),
    ("brand", "pressed"),
    ("brand", "chosen"),
    ("action", "page"),
    ("action", "surface"),
    ("bad", "bad_ground"),
    ("warn", "warn_ground"),
    ("good", "good_ground"),
    ("news", "news_ground"),
    ("focus", "focus_ground"),
    ("focus", "page"),
    ("focus_ground", "chrome"),
)

PLAIN = Theme(
    text_contrast=TEXT_CONTRAST,
    page=colour("#F4F3EF"),
    surface=colour("#FFFFFF"),
    ink=colour("#14212E"),
    quiet=colour("#414D59"),
    line=colour("#747E88"),
    hairline=colour("#D5D6D3"),
    chrome=colour("#0B3258"),
    chrome_pressed=colour("#06213B"),
    on_chrome=colour("#FFFFFF"),
    action=colour("#00582F"),
    action_pressed=colour("#003F21"),
    on_action=colour("#FFFFFF"),
    brand=colour("#0B4A86"),
    pressed=colour("#DCE5EE"),
    chosen=colour("#E3EDF7"),
    good=colour("#00582F"),
    good_ground=colour("#E5F2EA"),
    warn=colour("#6B3F00"),
    warn_ground=colour("#FFF2CC"),
    bad=colour("#96000F"),
    bad_ground=colour("#FBEAEA"),
    news=colour("#0B3F75"),
    news_ground=colour("#E3EDF7"),
    key=colour("#FFFFFF"),
    key_other=colour("#D9DEE3"),
    focus=colour("#0B0C0C"),
    focus_ground=colour("#FFDD00"),
    veil=(0.03, 0.09, 0.16, 0.72),
    clear=(0.0, 0.0, 0.0, 0.0),
)
STRONG = Theme(
    text_contrast=STRONG_TEXT_CONTRAST,
    page=colour("#000000"),
    surface=colour("#000000"),
    ink=colour("#FFFFFF"),
    quiet=colour("#F2F2F2"),
    line=colour("#FFFFFF"),
    hairline=colour("#5A5A5A"),
    chrome=colour("#262626"),
    chrome_pressed=colour("#000000"),
    on_chrome=colour("#FFFFFF"),
    action=colour("#FFEB3B"),
    action_pressed=colour("#FFFFFF"),
    on_action=colour("#000000"),
    brand=colour("#B8F1FF"),
    pressed=colour("#262626"),
    chosen=colour("#262626"),
    good=colour("#B5FFC9"),
    good_ground=colour("#000000"),
    warn=colour("#FFEB3B"),
    warn_ground=colour("#000000"),
    bad=colour("#FFD6D6"),
    bad_ground=colour("#000000"),
    news=colour("#B8F1FF"),
    news_ground=colour("#000000"),
    key=colour("#000000"),
    key_other=colour("#262626"),
    focus=colour("#FFFFFF"),
    focus_ground=colour("#1E90FF"),
    veil=(0.0, 0.0, 0.0, 0.8),
    clear=(0.0, 0.0, 0.0, 0.0),
)
THEMES = {"plain": PLAIN, "strong": STRONG}


class _Current:
    """The one thing here that changes: by a citizen's touch, and back at the end of her visit."""

    theme = PLAIN

    def __getattr__(self, token: str) -> Colour:
        """The colour that this token has now."""
        shade: Colour = getattr(_Current.theme, token)
        return shade


theme = _Current()


def use_theme(chosen: Theme) -> None:
    """Make it the theme of all that is built from now on."""
    _Current.theme = chosen
