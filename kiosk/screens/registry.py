"""The screens by name. Each is imported when first shown: the first frame waits for one only."""

from importlib import import_module

from kiosk.screens.screen import Screen

SCREENS = {
    "attract": "kiosk.screens.attract:AttractScreen",
    "home": "kiosk.screens.home:HomeScreen",
    "sheet": "kiosk.screens.sheet:SheetScreen",
    "notice": "kiosk.screens.notice:NoticeScreen",
    "show": "kiosk.screens.show:ShowScreen",
    "find": "kiosk.screens.find:FindScreen",
    "finding": "kiosk.screens.finding:FindingScreen",
    "help": "kiosk.screens.help:HelpScreen",
    "question": "kiosk.screens.question:QuestionScreen",
    "check": "kiosk.screens.check:CheckScreen",
    "confirm": "kiosk.screens.confirm:ConfirmScreen",
    "helped": "kiosk.screens.helped:HelpedScreen",
    "receipt": "kiosk.screens.receipt:ReceiptScreen",
    "following": "kiosk.screens.following:FollowingScreen",
    "feedback": "kiosk.screens.feedback:FeedbackScreen",
    "opinion": "kiosk.screens.opinion:OpinionScreen",
    "verdict": "kiosk.screens.verdict:VerdictScreen",
    "aside": "kiosk.screens.aside:AsideScreen",
    "interrupted": "kiosk.screens.interrupted:InterruptedScreen",
    "clerk": "kiosk.screens.clerk:ClerkScreen",
    "pin": "kiosk.screens.pin:PinScreen",
    "technician": "kiosk.screens.technician:TechnicianScreen",
    "end": "kiosk.screens.end:EndScreen",
}


def screen_class(name: str) -> type[Screen]:
    """The class of a screen."""
    module, _, noun = SCREENS[name].partition(":")
    found: type[Screen] = getattr(import_module(module), noun)
    return found
