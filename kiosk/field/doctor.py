"""`kiosk doctor`: what is wrong with this kiosk, why, and how it is mended.

It asks every check there is, one after the other, and tells what does not go well: in words, as
JSON, on paper, and in a line so short that it is read off a QR over the telephone. It changes
nothing, needs no line, and works where little else does: without settings, on a damaged ledger or a
full disk. It ends with 0 when all is well, 1 when the kiosk works and somebody should come, 2 when
people cannot be served.

The JSON (`"format": 1`; fields are added, never changed):

    {"format": 1, "program": "0.1.0", "at": "2026-11-26T07:15:02Z", "result": 1,
     "kiosk": 12, "device": "ab12...", "running": false,
     "checks": [{"number": 45, "name": "central-line", "verdict": "warning",
                 "cause": {"lo": "...", "en": "There is no line to ..."},
                 "fix": {"lo": "...", "en": "..."}}, ...]}

`verdict` is well, warning, broken or skipped; `cause` and `fix` stand with the middle two.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk import VERSION
from kiosk.config import KioskConfig
from kiosk.field import checks_of_ledger, checks_of_machine, checks_of_site
from kiosk.field.check import Check, Result, Verdict, made
from kiosk.field.examined import Examined, Machine
from kiosk.field.self_test import print_now
from kiosk.language import LANGUAGES, N_, in_language, language
from kiosk.printing.errors import PrinterMissing
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.slip import Item, Rule, Size, Slip, Square, Words
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.typeset import CannotSetLao
from kiosk.printing.vault import Vault
from kiosk.speech import said_of
from kiosk.technician import Findings
from kiosk.trouble import Trouble
from sync import marker
from sync.errors import SyncError
from sync.ledger import Ledger
from sync.sentence import Sentence

FORMAT = 1
CHECKS: tuple[Check, ...] = (
    *checks_of_machine.CHECKS,
    *checks_of_ledger.CHECKS,
    *checks_of_site.CHECKS,
)
_FIRST = ("settings", "data-folder", "ledger", "ledger-file", "ledger-version")

TITLE = N_("What is wrong with this kiosk")
ALL_WELL = N_("All is well.")
WORKS = N_("The kiosk works. Something should be mended.")
DOES_NOT_WORK = N_("The kiosk does not work as it should. Mend this first.")
COUNTS = N_("Checks: %(all)s. Well: %(well)s. Warnings: %(warnings)s. Broken: %(broken)s.")
LEFT_OUT = N_("Not looked at, because what is said above stands in the way:")
CAUSE = N_("Cause: %(sentence)s")
FIX = N_("To do: %(sentence)s")
NO_PRINTER = Sentence("none is set; run: kiosk printer detect --keep")
OVERALL = (ALL_WELL, WORKS, DOES_NOT_WORK)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What came of all checks, by their numbers."""

    results: tuple[Result, ...]
    at: datetime
    kiosk_number: int | None  # None: not known, or no kiosk
    device: str
    is_running: bool

    @property
    def code(self) -> int:
        """0: all is well. 1: it works, with warnings. 2: it does not work."""
        verdicts = {result.verdict for result in self.results}
        return 2 if Verdict.BROKEN in verdicts else int(Verdict.WARNING in verdicts)

    def of(self, verdict: Verdict) -> tuple[Result, ...]:
        """Those of one kind."""
        return tuple(result for result in self.results if result.verdict is verdict)

    @property
    def wrong(self) -> tuple[Result, ...]:
        """What should be mended, the worst first."""
        return (*self.of(Verdict.BROKEN), *self.of(Verdict.WARNING))


def examine(
    folder: Path, machine: Machine | None = None, checks: Sequence[Check] = CHECKS
) -> Diagnosis:
    """Ask every check of the kiosk in that folder."""
    return diagnosed(Examined(folder, machine), checks)


def look_from_within(config: KioskConfig, machine: Machine | None = None) -> Findings:
    """Ask every check from the running program itself: what the technician's page shows."""
    diagnosis = diagnosed(Examined(config.data_dir.parent, machine, config))
    return lambda: tuple(_findings(diagnosis))


def _findings(diagnosis: Diagnosis) -> Iterator[str]:
    code = language()
    yield in_language(code, OVERALL[diagnosis.code])
    for result in diagnosis.wrong:
        yield f"{result.check.number}: {' '.join(_sentences(result, code))}"


def diagnosed(examined: Examined, checks: Sequence[Check] = CHECKS) -> Diagnosis:
    """Ask every check."""
    results: list[Result] = []
    for check in sorted(checks, key=_turn):
        spoiled = frozenset(
            result.check.name for result in results if result.verdict is not Verdict.WELL
        )
        results.append(made(check, examined, spoiled))
    number, device = _who(examined)
    return Diagnosis(
        results=tuple(sorted(results, key=lambda result: result.check.number)),
        at=datetime.fromtimestamp(examined.machine.wall_ms() // 1000, UTC),
        kiosk_number=number,
        device=device,
        is_running=examined.is_running,
    )


def _turn(check: Check) -> tuple[float, int]:
    """When a check is asked: by its number, but a damaged file before what is read from it."""
    return (_FIRST.index(check.name) if check.name in _FIRST else len(_FIRST), check.number)


def _who(examined: Examined) -> tuple[int | None, str]:
    """The kiosk's number and device, of its ledger or the word beside it."""
    identity = None
    try:
        with examined.ledger() as ledger:
            identity = ledger.identity()
    except Exception:  # noqa: BLE001, S110 - its file may hold anything
        pass
    identity = identity or marker.find(examined.data_dir)
    return (identity.kiosk_number, identity.device) if identity else (None, "")


def told(diagnosis: Diagnosis) -> Iterator[str]:
    """What is wrong, in words of the current language."""
    code = language()
    for result in diagnosis.wrong:
        yield f"{result.check.number:>3}  {result.check.name}"
        yield from (f"     {line}" for line in _lines(result, code))
    yield in_language(code, OVERALL[diagnosis.code])
    counted = Counter(result.verdict for result in diagnosis.results)
    yield in_language(
        code,
        COUNTS,
        all=len(diagnosis.results),
        well=counted[Verdict.WELL],
        warnings=counted[Verdict.WARNING],
        broken=counted[Verdict.BROKEN],
    )
    names = ", ".join(result.check.name for result in diagnosis.results if result.is_hindered)
    if names:
        yield f"{in_language(code, LEFT_OUT)} {names}"


def _lines(result: Result, code: str) -> tuple[str, str]:
    cause, fix = _sentences(result, code)
    return in_language(code, CAUSE, sentence=cause), in_language(code, FIX, sentence=fix)


def _sentences(result: Result, code: str) -> tuple[str, str]:
    assert result.found is not None  # it is wrong
    found = result.found
    places = {name: _filled(value, code) for name, value in found.places.items()}
    return in_language(code, found.cause, **places), in_language(code, found.fix, **places)


def _filled(value: object, code: str) -> object:
    """What fills a sentence in, itself in that language where it is one."""
    if isinstance(value, Exception) and value.args:
        value = value.args[0]
    if isinstance(value, Sentence):
        places = {name: _filled(inner, code) for name, inner in value.places.items()}
        return in_language(code, value.words, **places)
    return value


def to_json(diagnosis: Diagnosis) -> str:
    """The whole of it for programs: see the top of this file."""
    return json.dumps(
        {
            "format": FORMAT,
            "program": VERSION,
            "at": diagnosis.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "result": diagnosis.code,
            "kiosk": diagnosis.kiosk_number,
            "device": diagnosis.device,
            "running": diagnosis.is_running,
            "checks": [_as_json(result) for result in diagnosis.results],
        },
        ensure_ascii=False,
        indent=1,
    )


def _as_json(result: Result) -> dict[str, object]:
    told_: dict[str, object] = {
        "number": result.check.number,
        "name": result.check.name,
        "verdict": result.verdict,
    }
    if result.found is not None:
        sentences = {code: _sentences(result, code) for code in LANGUAGES}
        told_["cause"] = {code: cause for code, (cause, _fix) in sentences.items()}
        told_["fix"] = {code: fix for code, (_cause, fix) in sentences.items()}
    return told_


def summary(diagnosis: Diagnosis) -> str:
    """One line to be read off a QR: program, kiosk, time, and the numbers of what is wrong."""
    parts = [
        f"one-door {VERSION}",
        f"kiosk {diagnosis.kiosk_number or '-'}",
        f"device {diagnosis.device[:8] or '-'}",
        diagnosis.at.strftime("%Y-%m-%dT%H:%MZ"),
        f"broken {_numbers(diagnosis.of(Verdict.BROKEN))}",
        f"warnings {_numbers(diagnosis.of(Verdict.WARNING))}",
    ]
    return "; ".join(parts)


def _numbers(results: Iterable[Result]) -> str:
    return " ".join(str(result.check.number) for result in results) or "none"


def slip(diagnosis: Diagnosis) -> Slip:
    """The same on paper, in every language: who reads it is not always who printed it."""
    return Slip(tuple(_items(diagnosis)))


def _items(diagnosis: Diagnosis) -> Iterator[Item]:
    short = summary(diagnosis)
    for code in LANGUAGES:
        yield Words(in_language(code, TITLE), Size.HEADING, bold=True)
    yield Words(short, Size.SMALL)
    yield Rule()
    for result in diagnosis.wrong:
        yield Words(f"{result.check.number}  {result.check.name}", bold=True)
        for line in (line for code in LANGUAGES for line in _lines(result, code)):
            yield Words(line, Size.SMALL)
    for code in LANGUAGES:
        yield Words(in_language(code, OVERALL[diagnosis.code]))
    yield Rule()
    yield Square(short, small=True)


def print_slip(folder: Path, paper: Slip) -> str:
    """Let it come out: of the running kiosk after what waits, or straight to the port.

    Returns:
        Why it does not; empty where it does.
    """
    try:
        _print(Examined(folder), paper)
    except (CannotSetLao, OSError, SyncError, Trouble) as problem:
        return said_of(problem)
    return ""


def _print(examined: Examined, paper: Slip) -> None:
    if examined.is_running:
        opened = closing(Ledger.open(examined.config.ledger_path, MIGRATIONS))
        with opened as ledger, ledger.transaction():
            PrintJobs(ledger, Vault()).add_slip(paper, private=False)
        return
    if not examined.config.printer_port:
        raise PrinterMissing(NO_PRINTER)
    print_now(paper, examined.config.printer_port, examined.profile)
