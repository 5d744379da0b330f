"""A reply: what she who complained says to the answer, and whether it is to be looked at again.

It travels as an envelope of its own, without a name and without her reference in clear. What shows
that it comes from her is a proof that only her paper and central can make.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sync.errors import BadRecord
from sync.records import ApplicationId

_ID_HEX = 32


class Verdict(StrEnum):
    """What she thinks of the answer."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not-satisfied"
    AGAIN = "again"  # not satisfied: it is to be looked at again


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply to one answer."""

    complaint: ApplicationId
    answer: int  # the number of the event that answered her
    verdict: Verdict
    proof: bytes = field(repr=False)  # `envelope.reply_proof` of her secret

    def to_record(self) -> dict[str, Any]:
        """What is sealed."""
        return {
            "complaint": self.complaint,
            "answer": self.answer,
            "verdict": self.verdict.value,
            "proof": self.proof,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Reply":
        """The reply in an opened record; raises BadRecord."""
        match record:
            case {
                "complaint": str(complaint),
                "answer": int(answer),
                "verdict": str(verdict),
                "proof": bytes(proof),
            } if len(complaint) == _ID_HEX and verdict in tuple(Verdict):
                return cls(ApplicationId(complaint), answer, Verdict(verdict), proof)
        raise BadRecord("A reply names a complaint, an answer and a verdict.")
