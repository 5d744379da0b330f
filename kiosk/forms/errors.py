"""What can be wrong with a form or with one of its expressions.

    FormError
    ├── BadExpression   an expression cannot be read, or asks for what no engine knows
    ├── BadForm         the form's document is broken, too large, or contradicts itself
    │   ├── Circle        its rules wait for each other
    │   ├── NoSuchField   one of them reads what is not there
    │   └── NewerForm     it needs what only a newer program has
    └── TooMuchWork     evaluating would take more time or room than a kiosk gives

These are for whoever writes and publishes a form. What an applicant may do wrong is never an
exception: it is a `Violation` beside the answer. The sentence is kept apart from what is put into
it: the publisher shows it to authors in their language.
"""

from collections.abc import Callable, Mapping


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return message


class Said(Exception):
    """A problem whose sentence is kept apart from what is put into it."""

    def __init__(self, sentence: str, **places: object) -> None:
        super().__init__(sentence % places if places else sentence)
        self.sentence = sentence
        self.places = places

    def words(self, translate: Callable[..., str]) -> str:
        """The sentence as `translate(sentence, **places)` gives it; so too a problem within it."""
        return translate(self.sentence, **translated(self.places, translate))


def translated(places: Mapping[str, object], translate: Callable[..., str]) -> dict[str, object]:
    """What is put into a sentence, with the problems among it in the same words."""
    return {
        name: value.words(translate) if isinstance(value, Said) else value
        for name, value in places.items()
    }


class FormError(Said):
    """Something is wrong with a form; the sentence says what."""


class BadExpression(FormError):
    """An expression cannot be read."""


class BadForm(FormError):
    """The form's document cannot be used."""


class Circle(BadForm):
    """Rules wait for each other: `steps` are the paths and what is worked out there, in order."""

    def __init__(self, sentence: str, *steps: tuple[str, str], **places: object) -> None:
        super().__init__(sentence, **places)
        self.steps = steps


class NoSuchField(BadForm):
    """The `rule` of the field `path` reads a path that the form does not have.

    `others` are more of them, found in the same form.
    """

    def __init__(self, sentence: str, path: str, rule: str, **places: object) -> None:
        super().__init__(sentence, **places)
        self.path = path
        self.rule = rule
        self.others: tuple[NoSuchField, ...] = ()


class NewerForm(BadForm):
    """The form needs what this program does not have yet."""


class TooMuchWork(FormError):
    """An expression asks for more time or room than it may have."""
