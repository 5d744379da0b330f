"""What the ways on at a repeat's end say, and how many it holds.

A form may lend a repeat its own words (see `kiosk.forms.compile`); without them these sentences
are made of the repeat's label.
"""

from kiosk.forms.entry import Repeat
from kiosk.language import N_, _, language

ANOTHER = N_("Add another %(thing)s")
FIRST = N_("Add %(thing)s")
ANOTHER_NAMELESS = N_("Add another")
FIRST_NAMELESS = N_("Add one")
DONE = N_("That is all")
NONE = N_("There is none")
SO_FAR = N_("%(thing)s: %(count)s so far")
SO_FAR_NAMELESS = N_("So far: %(count)s")
NONE_SO_FAR = N_("%(thing)s: none")
NONE_SO_FAR_NAMELESS = N_("None")


def add_words(repeat: Repeat) -> str:
    """To add the first, or another."""
    if repeat.add:
        return repeat.add
    if not repeat.label:
        return _(ANOTHER_NAMELESS if repeat.instances else FIRST_NAMELESS)
    return _(ANOTHER if repeat.instances else FIRST, thing=in_sentence(repeat.label))


def done_words(repeat: Repeat) -> str:
    """To go on without another."""
    return repeat.done or _(DONE)


def none_words(repeat: Repeat) -> str:
    """To say that there is not even one."""
    return repeat.none or _(NONE)


def so_far_words(repeat: Repeat) -> str:
    """What the repeat is about and how many it holds."""
    count = len(repeat.instances)
    if not repeat.label:
        return _(SO_FAR_NAMELESS, count=count) if count else _(NONE_SO_FAR_NAMELESS)
    if not count:
        return _(NONE_SO_FAR, thing=repeat.label)
    return _(SO_FAR, thing=repeat.label, count=count)


def in_sentence(label: str) -> str:
    """The label inside an English sentence: "Child" becomes "child", "ID card" stays."""
    if language() == "en" and label[:2].istitle() and not label[1:2].isupper():
        return label[0].lower() + label[1:]
    return label
