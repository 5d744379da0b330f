"""Words that an officer may send as they are promise only what the applicant can do."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.forms.descriptor import ReceiptOpens
from sync.central.casework import ready_words as module
from sync.central.casework.decisions import Action
from sync.central.casework.ready_words import ready_words
from sync.central.intake.exchange import CentralServer
from tests import residence
from tests.paper_kiosk import PaperKiosk


@pytest.mark.parametrize(
    ("language", "opens", "sentence"),
    [
        ("en", ReceiptOpens.ANSWERS, "Scan your receipt at the kiosk to correct it, or ask at "),
        ("lo", ReceiptOpens.ANSWERS, "ສະແກນໃບຮັບຢູ່ຕູ້ບໍລິການ ເພື່ອແກ້ໄຂ"),
        ("en", ReceiptOpens.STATUS, "Please apply again at a kiosk, or ask at the desk of "),
        ("lo", ReceiptOpens.STATUS, "ກະລຸນາຍື່ນໃໝ່ຢູ່ຕູ້ບໍລິການ"),
    ],
)
def test_who_gets_an_application_back_is_told_what_her_receipt_allows(
    central: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    opens: ReceiptOpens,
    sentence: str,
) -> None:
    assert central.is_dir()
    residence.put_on_shelf()
    filed = residence.files(PaperKiosk(CentralServer()))
    descriptor = replace(residence.descriptor(), receipt_opens=opens)
    monkeypatch.setattr(module, "find_descriptor", lambda _case: descriptor)
    said = ready_words(filed.case, Action.RETURN, "photo-unreadable", language)
    reason, what_to_do = said.split("\n")
    assert reason.endswith(".")
    assert what_to_do.startswith(sentence)
