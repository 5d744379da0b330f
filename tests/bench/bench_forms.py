"""How fast a large form answers: 110 questions, a cascade down to 8,640 villages, a repeat.

Processor time is measured: the engine waits for nothing, and a busy machine should not blame it.
Memory is collected before, not between, as in the kiosk (see `kiosk.tidier`).
"""

import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk.forms.definition import Definition
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of, json_of
from tests.bench.row import Row, percentile
from tests.bench.starts import with_bytecode
from tests.code_lines import ENGINE, ENGINE_LINES_MAX, code_lines
from tests.forms import TODAY, form

QUESTIONS = 100
VILLAGES = 8_640
DISTRICTS = 144
PROVINCES = 18
ROUNDS = 5


def large_form() -> Definition:
    """A form as long as a birth registration, with relevance, constraints and sums."""
    rows = [
        "select_one_from_file provinces.csv | province | P | | | |",
        "select_one_from_file districts.csv | district | D | | | | province = ${province}",
        "select_one_from_file villages.csv | village | V | | | | district = ${district}",
        "integer | q0 | Q0 | | | |",
    ]
    for number in range(1, QUESTIONS):
        before = f"${{q{number - 1}}}"
        relevant = f"{before} != '9'" if number % 3 == 0 else ""
        rows.append(
            f"integer | q{number} | Question {number}, {before} | {relevant} | . < 1000 | |"
        )
    rows += [
        f"calculate | c{number} | | | | ${{q{number}}} + ${{q{number + 5}}} * 2 |"
        for number in range(0, QUESTIONS - 5, 10)
    ]
    rows += [
        "begin_repeat | child | Child | | | |",
        "integer | age | Age | | | |",
        "calculate | older | | | | ${age} + ${q0} |",
        "end_repeat | | | | | |",
        "calculate | ages | | | | sum(${age}) |",
    ]
    head = "type | name | label | relevant | constraint | calculation | choice_filter"
    table = "\n".join(f"| | {row} |" for row in (head, *rows))
    return form(f"| survey | | | | | | | |\n{table}\n", lists())


def lists() -> dict[str, str]:
    """A country's places, as CSV files."""
    return {
        "provinces.csv": "name,label,label_lo\n"
        + "".join(f"p{n},P{n},ແຂວງ {n}\n" for n in range(PROVINCES)),
        "districts.csv": "name,label,label_lo,province\n"
        + "".join(f"d{n},D{n},ເມືອງ {n},p{n % PROVINCES}\n" for n in range(DISTRICTS)),
        "villages.csv": "name,label,label_lo,district\n"
        + "".join(f"v{n},Village {n},ບ້ານ {n},d{n % DISTRICTS}\n" for n in range(VILLAGES)),
    }


def large_folder(path: Path) -> Path:
    """A ministry's folder with such a form: a workbook of 103 questions, the places beside it."""
    from tests.workbooks import EN, LO, folder_with, question, workbook  # noqa: PLC0415 - see below

    cascade = (("province", ""), ("district", "province = ${province}"))
    survey = [
        question(
            f"select_one_from_file {name}s.csv",
            name,
            choice_filter=narrowed,
            **{LO: f"ຢູ່{name}ໃດ?", EN: f"Which {name}?"},
        )
        for name, narrowed in (*cascade, ("village", "district = ${district}"))
    ]
    for number in range(QUESTIONS):
        asked = {LO: f"ຂໍ້ທີ {number}?", EN: f"Question {number}?", "constraint": ". < 1000"}
        rule = f"${{q{number - 1}}} != '9'" if number % 3 == 1 else None
        survey.append(question("integer", f"q{number}", relevant=rule, **asked))
    folder = folder_with(path, workbook(survey))
    (folder / "media").mkdir()
    for name, text in lists().items():
        (folder / "media" / name).write_text(text, "utf-8")
    return folder


def publish_ms() -> list[float]:
    """From the folder to the signed bundle; the spreadsheet tools are loaded already.

    They are loaded here only: no kiosk has them, and collecting their garbage takes time.
    """
    from nacl.signing import SigningKey  # noqa: PLC0415

    from kiosk.forms import publish  # noqa: PLC0415

    times: list[float] = []
    with tempfile.TemporaryDirectory() as place:
        folder = large_folder(Path(place))
        assert publish.check(folder) == []
        for _ in range(ROUNDS):
            began = time.process_time()
            assert publish.publish(folder, None, SigningKey(b"b" * 32))
            times.append(took_ms(began))
    return times


def took_ms(began: float) -> float:
    return (time.process_time() - began) * 1000


def import_ms() -> float:
    """The engine's import in a fresh interpreter with its bytecode at hand, as installed."""
    code = "import time; t = time.process_time(); import kiosk.forms.entry, kiosk.forms.form_json; "
    code += "print((time.process_time() - t) * 1000)"
    with tempfile.TemporaryDirectory() as cache:
        environment = with_bytecode(Path(cache))
        command = [sys.executable, "-c", code]
        runs = [
            subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            for _ in range(ROUNDS + 1)
        ]
    return percentile([float(run.stdout) for run in runs[1:]], 0.5)


def changes_ms(entry: Entry) -> list[float]:
    changes: list[float] = []
    for value in ("1", "9", "12"):
        for number in range(QUESTIONS):
            began = time.process_time()
            entry.answer(f"/data/q{number}", value)
            changes.append(took_ms(began))
    for number in range(ROUNDS):
        for path, value in (
            ("/data/province", f"p{number}"),
            ("/data/district", f"d{number}"),
            ("/data/village", f"v{number}"),
        ):
            began = time.process_time()
            entry.answer(path, value)
            changes.append(took_ms(began))
    return changes


def repeats_ms(entry: Entry) -> list[float]:
    times: list[float] = []
    for number in range(20):
        began = time.process_time()
        entry.add_repeat("/data/child")
        entry.answer(f"/data/child[{number + 1}]/age", str(number))
        times.append(took_ms(began))
    return times


def rows() -> Iterator[Row]:
    """The figures of the form engine."""
    gc.collect()
    gc.disable()
    try:
        yield from _rows()
    finally:
        gc.enable()


def lists_ms(entry: Entry) -> list[float]:
    """The villages of a district, for one district after the other."""
    times: list[float] = []
    for number in range(4, DISTRICTS, PROVINCES):
        entry.answer("/data/district", f"d{number}")
        began = time.process_time()
        assert len(entry.question("/data/village").choices) == VILLAGES // DISTRICTS
        times.append(took_ms(began))
    return times


def whole_list_ms(language: str) -> list[float]:
    """All villages in one list: opened first, and by the next person."""
    table = "| survey | | | |\n| | type | name | label |\n"
    question = "| | select_one_from_file villages.csv | village | V |\n"
    definition = form(table + question, lists())
    times: list[float] = []
    for _person in range(2):
        entry = Entry(definition, language=language, today=TODAY)
        began = time.process_time()
        assert len(entry.question("/data/village").choices) == VILLAGES
        times.append(took_ms(began))
    return times


def _rows() -> Iterator[Row]:
    yield Row("forms: importing the engine", import_ms(), "ms", 60)
    yield Row("engine: lines of code", code_lines(ENGINE), "lines", ENGINE_LINES_MAX)
    data = json_of(large_form())
    yield Row("forms: large form as JSON", len(data) / 1024, "KiB")
    opened: list[float] = []
    for _ in range(ROUNDS):
        definition = definition_of(data)
        began = time.process_time()
        entry = Entry(definition, language="lo", today=TODAY)
        assert entry.page is not None
        opened.append(took_ms(began))
    yield Row("forms: opening a form the first time", percentile(opened, 0.5), "ms", 150)
    began = time.process_time()
    entry = Entry(definition, language="lo", today=TODAY)
    yield Row("forms: opening it again", took_ms(began), "ms", 150)
    changes = changes_ms(entry)
    yield Row("forms: one change, median", percentile(changes, 0.5), "ms", 2)
    yield Row("forms: one change, p95", percentile(changes, 0.95), "ms")
    yield Row("forms: one change, worst", max(changes), "ms", 20)
    yield Row("forms: adding a row to a repeat, worst", max(repeats_ms(entry)), "ms", 20)
    narrowed = lists_ms(entry)
    yield Row(f"forms: a district's choices out of {VILLAGES}, first", narrowed[0], "ms", 5)
    yield Row(f"forms: a district's choices out of {VILLAGES}, next", max(narrowed[1:]), "ms", 5)
    first, next_ = whole_list_ms("lo")
    yield Row(f"forms: all {VILLAGES} choices, first person", first, "ms", 5)
    yield Row(f"forms: all {VILLAGES} choices, next person", next_, "ms", 5)
    began = time.process_time()
    entry.advance()
    assert entry.page is not None
    yield Row("forms: next page", took_ms(began), "ms", 5)
    began = time.process_time()
    assert entry.lines()
    yield Row("forms: check-answers lines", took_ms(began), "ms")
    published = publish_ms()
    yield Row("forms: publishing 103 questions, median", percentile(published, 0.5), "ms", 3000)


def main() -> None:
    """Print the table."""
    for row in rows():
        print(f"{row.what} | {row.shown} | {row.verdict}")


if __name__ == "__main__":
    main()
