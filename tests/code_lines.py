"""How many lines of code a package has: what its size is held to, and what the benchmark says.

A line counts where something stands that runs: no blanks, no comments, and no docstrings, so that
nobody saves lines by explaining less.
"""

import ast
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / "kiosk" / "forms" / "engine"
ENGINE_LINES_MAX = 2_000

_NO_CODE = frozenset(
    (
        *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING),
        *(tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
    )
)
_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def code_lines(package: Path) -> int:
    """The lines of code of all modules in a folder and below it."""
    return sum(len(_lines(path)) for path in package.rglob("*.py"))


def _lines(path: Path) -> set[int]:
    lines: set[int] = set()
    with path.open("rb") as source:
        for token in tokenize.tokenize(source.readline):
            if token.type not in _NO_CODE:
                lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, _Documented) and ast.get_docstring(node) is not None:
            words = node.body[0]
            lines.difference_update(range(words.lineno, (words.end_lineno or 0) + 1))
    return lines
