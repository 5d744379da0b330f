"""What people say of a service: the questions that both ends look for in such forms, by name.

The forms themselves are data, with more questions than these. A complaint says what it is about, so
that it can go round whoever it is about. The questions about a service are those of SDG indicator
16.6.2: five attributes first, then overall, on four points without a middle.
"""

from collections.abc import Mapping
from typing import Any

ABOUT_REFERENCE = "about_reference"  # of the application that it is about, where there is one
CATEGORY = "category"
OFFICE = "office"  # the id of an office, or `OTHER`
SERVICE = "service"
OTHER = "other"
COMPLAINT_QUESTIONS = (ABOUT_REFERENCE, CATEGORY, OFFICE, SERVICE)

ATTRIBUTES = ("accessible", "affordable", "fair", "easy", "timely")
OVERALL = "overall"
QUESTIONS_ASKED = (*ATTRIBUTES, OVERALL)
MARKS = ("4", "3", "2", "1")  # the names of the choices, the best first
DONT_KNOW = "dont-know"  # left out of every count

AFTER_SERVICE = "after-service"
AFTER_DECISION = "after-decision"


def path_of(name: str) -> str:
    """Where a form keeps a question of the first level (pyxform names the root `data`)."""
    return f"/data/{name}"


def answer_in(record: Mapping[str, Any], name: str) -> str:
    """The text that answers a question in a record; empty where there is none."""
    answers = record.get("answers")
    if not isinstance(answers, Mapping):
        return ""
    answer = answers.get(name)
    return answer if isinstance(answer, str) else ""
