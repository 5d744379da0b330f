"""Words that an officer may send as they are promise only what the applicant can do."""

from pathlib import Path

import pytest

from sync.central.casework.decisions import Action
from sync.central.casework.ready_words import ready_words
from sync.central.intake.exchange import CentralServer
from tests import residence
from tests.paper_kiosk import PaperKiosk


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Please apply again at a kiosk, or ask at the desk of "),
        ("lo", "ກະລຸນາຍື່ນໃໝ່ຢູ່ຕູ້ບໍລິການ"),
    ],
)
def test_who_gets_an_application_back_is_told_to_apply_again(
    central: Path, language: str, sentence: str
) -> None:
    assert central.is_dir()
    residence.put_on_shelf()
    filed = residence.files(PaperKiosk(CentralServer()))
    said = ready_words(filed.case, Action.RETURN, "photo-unreadable", language)
    reason, what_to_do = said.split("\n")
    assert reason.endswith(".")
    assert what_to_do.startswith(sentence)
