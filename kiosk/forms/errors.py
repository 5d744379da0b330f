"""What can be wrong with a form or with one of its expressions.

    FormError
    ├── BadExpression   an expression cannot be read, or asks for what no engine knows
    ├── BadForm         the form's document is broken, too large, or contradicts itself
    └── TooMuchWork     evaluating would take more time or room than a kiosk gives

These are for whoever writes and publishes a form. What an applicant may do wrong is never an
exception: it is a `Violation` beside the answer.
"""


class FormError(Exception):
    """Something is wrong with a form; the sentence says what."""


class BadExpression(FormError):
    """An expression cannot be read."""


class BadForm(FormError):
    """The form's document cannot be used."""


class TooMuchWork(FormError):
    """An expression asks for more time or room than it may have."""
