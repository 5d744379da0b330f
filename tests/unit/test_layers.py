"""The house keeps its layers: imports go downwards, and each module says what it is."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.code_lines import ENGINE as ENGINE_FOLDER
from tests.code_lines import ENGINE_LINES_MAX, code_lines

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("kiosk", "sync")
# A module may import from its own layer and from those above it in this list.
LAYERS = (
    (
        "kiosk.resources",
        "kiosk.language",
        "kiosk.speech",
        "kiosk.config",
        "kiosk.trouble",
        "kiosk.pictograms",
        "kiosk.panels",
    ),
    (
        "kiosk.forms",
        "kiosk.printing.profile",
        "kiosk.printing.slip",
        "kiosk.printing.bilingual",
        "kiosk.printing.square",
        "kiosk.printing.typeset",
        "kiosk.printing.receipt",
        "kiosk.printing.layout",
        "kiosk.printing.escpos",
        "kiosk.printing.patterns",
        "kiosk.sheet",
        "kiosk.notice",
    ),
    ("kiosk.printing", "kiosk.devices"),
    ("kiosk.desk", "kiosk.visit"),
    ("kiosk.screens",),
    ("kiosk.field",),
    ("kiosk.app",),
    ("kiosk.__main__",),
)
# What central shares with the kiosk: forms, and the sentences that both say.
CENTRAL_SHARES = ("kiosk.forms", "kiosk.language", "kiosk.speech")
ENGINE = "kiosk.forms.engine"
# All that the engine of forms needs of this project; the first two know nothing of it.
BELOW_THE_ENGINE = ("kiosk.forms.definition", "kiosk.forms.errors", "kiosk.forms.answers")
# All that is loaded to fill in a form, the engine apart: nothing of a publisher's.
FILLING_IN = (
    "kiosk kiosk.forms kiosk.forms.answers kiosk.forms.checker kiosk.forms.counting "
    "kiosk.forms.definition "
    "kiosk.forms.entry kiosk.forms.errors kiosk.forms.facts kiosk.forms.form_json "
    "kiosk.forms.labels kiosk.forms.listed kiosk.forms.question kiosk.forms.record "
    "kiosk.forms.route"
)


def modules() -> list[Path]:
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    )


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer_of(name: str) -> int | None:
    places = [
        (len(prefix), layer)
        for layer, prefixes in enumerate(LAYERS)
        for prefix in prefixes
        if name == prefix or name.startswith(prefix + ".")
    ]
    return max(places)[1] if places else None


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_opens_by_saying_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_go_downwards(path: Path) -> None:
    name = name_of(path)
    for imported in imports_of(path):
        if name.startswith("sync.") and not name.startswith("sync.central"):
            assert not imported.startswith("kiosk"), f"{name} imports {imported}"
        if name.startswith("sync.central") and imported.startswith("kiosk."):
            assert imported.startswith(CENTRAL_SHARES), f"{name} imports {imported}"
        if not name.startswith("sync.central"):
            assert not imported.startswith("sync.central"), f"{name} imports {imported}"
        if imported.startswith("kivy"):
            assert name.startswith(("kiosk.screens", "kiosk.app")), f"{name} imports {imported}"
        own, other = layer_of(name), layer_of(imported)
        if own is not None and other is not None:
            assert other <= own, f"{name} imports {imported}, which stands above it"


def test_the_engine_needs_the_standard_library_and_a_form_s_nouns() -> None:
    allowed = tuple(f"{name}." for name in (ENGINE, *BELOW_THE_ENGINE))
    for path in ENGINE_FOLDER.rglob("*.py"):
        for imported in imports_of(path):
            standard = imported.partition(".")[0] in sys.stdlib_module_names
            assert standard or imported.startswith(allowed), f"{name_of(path)} imports {imported}"
    for name in BELOW_THE_ENGINE[:2]:
        for imported in imports_of(ROOT / (name.replace(".", "/") + ".py")):
            assert not imported.startswith(ENGINE), f"{name} imports {imported}"


def test_the_engine_stays_small_enough_to_be_read_in_a_day() -> None:
    assert 0 < code_lines(ENGINE_FOLDER) < ENGINE_LINES_MAX


def test_only_what_runs_counts_as_a_line_of_code(tmp_path: Path) -> None:
    module = (
        '"""What it is.\n\nAnd why.\n"""\n\n# why\nX = """\n\n"""  # words, not a docstring\n\n\n'
        'def f() -> int:\n    """Five."""\n\n    return (\n        5\n    )\n'
    )
    (tmp_path / "module.py").write_text(module)
    assert code_lines(tmp_path) == 7


def test_to_fill_in_a_form_nothing_of_a_publisher_is_loaded() -> None:
    """`-S`: without any library that is installed."""
    code = "import sys, kiosk.forms.entry, kiosk.forms.form_json; print(*sys.modules)"
    command = [sys.executable, "-S", "-c", code]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    ours = {name for name in told.split() if name.startswith("kiosk")}
    assert {name for name in ours if not name.startswith(ENGINE)} == set(FILLING_IN.split())
    others = {name.partition(".")[0] for name in set(told.split()) - ours}
    assert others <= {*sys.stdlib_module_names, "__main__"}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_statements_number_no_placeholder(path: Path) -> None:
    """Python 3.12 warns of `?1` with a sequence, 3.14 refuses it; 3.11 says nothing."""
    texts = (
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    numbered = [text for text in texts if re.search(r"[=(,<>+ ]\?[0-9]", text)]
    assert not [text for text in numbered if re.search(r"\b(SELECT|UPDATE|INSERT|DELETE)\b", text)]
