"""The colours of central's pages can be told apart: text 7:1, borders, shapes and focus 3:1."""

import re

import pytest
from django.conf import settings

CSS = (settings.CENTRAL / "static" / "central" / "central.css").read_text("utf-8")
TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", CSS))
TEXT = [  # foreground, background
    *(("ink", paper) for paper in ("paper", "shade", "good-shade", "wait-shade", "warn-shade")),
    ("ink", "danger-shade"),
    ("quiet", "paper"),
    ("quiet", "shade"),
    ("link", "paper"),
    ("link", "shade"),
    ("link-hover", "paper"),
    ("on-brand", "brand"),
    ("on-main", "main"),
    ("on-main", "main-hover"),
    ("on-main", "danger"),
    ("on-main", "danger-hover"),
    ("danger", "paper"),
    ("danger", "danger-shade"),
    ("good", "good-shade"),
    ("wait", "wait-shade"),
    ("warn", "warn-shade"),
    ("on-focus", "focus"),
]
SHAPES = [
    ("line", "paper"),
    ("line", "shade"),
    ("brand-line", "paper"),
    ("good", "paper"),
    ("wait", "paper"),
    ("warn", "paper"),
    ("focus", "on-focus"),
    ("focus", "brand"),
]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_seven_to_one(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 7


@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_stand_out_three_to_one(shape: str, ground: str) -> None:
    assert contrast(shape, ground) >= 3


def test_every_colour_is_a_token() -> None:
    rules = CSS.partition("}\n\n*,")[2]
    assert rules
    assert not re.findall(r"#[0-9a-f]{3,6}\b", rules)


def test_every_token_of_text_is_measured() -> None:
    measured = {name for pair in (*TEXT, *SHAPES) for name in pair} | {
        "hair"
    }  # hair separates rows
    assert set(TOKENS) == measured
