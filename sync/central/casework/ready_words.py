"""Ready words to the applicant: what an officer may send as it is, or change.

They are made of the service's own reasons and outputs and of whole sentences, in the language the
applicant used.
"""

from django.utils.translation import gettext as _
from django.utils.translation import override

from kiosk.forms.descriptor import ReceiptOpens, ServiceDescriptor
from sync.central.casework.decisions import Action
from sync.central.casework.models import Case
from sync.central.casework.service_words import find_descriptor, reason_in_words
from sync.central.casework.workflow import find_next_step, find_step, took_in


def ready_words(case: Case, action: Action, reason: str, language: str) -> str:
    """The sentences for this action and reason; empty where there is nothing to say."""
    descriptor = find_descriptor(case)
    if descriptor is None:
        return ""
    with override(language):
        return "\n".join(_lines(case, descriptor, action, reason, language))


def _lines(
    case: Case, descriptor: ServiceDescriptor, action: Action, reason: str, language: str
) -> list[str]:
    match action:
        case Action.APPROVE:
            return _approved(case, descriptor, language)
        case Action.HAND_OVER:
            return _handed_over(case, language)
        case Action.RETURN:
            return _returned(case, descriptor, reason)
        case Action.REJECT:
            return _rejected(case, descriptor, reason)
        case Action.DELAY:
            return _delayed(case, reason)
    return []


def _approved(case: Case, descriptor: ServiceDescriptor, language: str) -> list[str]:
    outputs = ", ".join(output.name.of(language) for output in descriptor.outputs)
    office = {"office": took_in(case).name}
    if not outputs:
        return [_("Please come to %(office)s.") % office]
    lines = [
        _("Please come to %(office)s to collect: %(outputs)s.") % {**office, "outputs": outputs}
    ]
    if descriptor.bring is not None:
        lines.append(_("Bring: %(things)s.") % {"things": descriptor.bring.of(language)})
    return lines


def _handed_over(case: Case, language: str) -> list[str]:
    done, following = find_step(case), find_next_step(case)
    if done is None or following is None:
        return []
    return [
        _("%(step)s: done.") % {"step": done.name.of(language)},
        _("Next: %(step)s.") % {"step": following.name.of(language)},
    ]


def _returned(case: Case, descriptor: ServiceDescriptor, reason: str) -> list[str]:
    if descriptor.receipt_opens is ReceiptOpens.ANSWERS:
        sentence = _("Scan your receipt at the kiosk to correct it, or ask at %(office)s.")
    else:
        sentence = _("Please apply again at a kiosk, or ask at the desk of %(office)s.")
    return [f"{reason_in_words(case, reason)}.", sentence % {"office": took_in(case).name}]


def _delayed(case: Case, reason: str) -> list[str]:
    return [f"{reason_in_words(case, reason)}.", _("We are sorry that it takes longer.")]


def _rejected(case: Case, descriptor: ServiceDescriptor, reason: str) -> list[str]:
    lines = [f"{reason_in_words(case, reason)}."]
    telephone = descriptor.contact.complaint_telephone
    if telephone:
        sentence = _("If you do not agree, you may complain: call %(telephone)s.")
        lines.append(sentence % {"telephone": telephone})
    return lines
