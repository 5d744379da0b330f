"""What commands say at a terminal: whether it is in Lao, and whether a catalogue holds it."""

import argparse
import ast
import re
from collections.abc import Iterator

TRANSLATED = {"Sentence", "_", "N_"}
# What stays as it is typed: commands, options, files, devices, and what other programs are called.
COMMANDS = re.compile(
    r"\b(kiosk|python -m|apt-get) [a-z][a-z.-]*( [a-z.-]+)*|--[a-z-]+|<[^>]*>"
    r"|\"[^\"]*\"|`[^`]*`|'[^']*'"
)
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")  # two words that stand side by side
NAMES = {"ALSA default", "sync once", "key ministry"}


def english_in(text: str) -> list[str]:
    """English that is left; the usage line names options, which are names."""
    plain = re.sub(r"(?s)^ວິທີໃຊ້: .*?(\n\n|$|\n(?=kiosk|python -m))", "\n", text)
    return [one for one in ENGLISH.findall(COMMANDS.sub(" ", plain)) if one not in NAMES]


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The command itself and all below it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from commands(command)


def untranslated(node: ast.AST) -> Iterator[str]:
    """Sentences in the code that no catalogue holds; what documents the code is not said."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        logs = isinstance(node.func, ast.Attribute) and node.func.attr in {"critical", "compile"}
        if name in TRANSLATED | {"Allowed"} or logs:
            return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if len(re.findall(r"\b[a-z]{2,}\b", COMMANDS.sub(" ", node.value).replace(":", "."))) > 3:
            yield node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from untranslated(child)
