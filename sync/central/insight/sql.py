"""Days and minutes, worked out where the rows lie: SQLite and PostgreSQL each in its own words.

Django's own functions for dates call back into Python for every row of SQLite; over a hundred
thousand cases that is what a page would wait for.
"""

from typing import Any, ClassVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateField, Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler


class _InOwnWords(Func):
    """A function that each database calls otherwise."""

    words: ClassVar[dict[str, str]]  # by vendor
    between: ClassVar[dict[str, str]]  # what stands between two arguments

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,  # noqa: ANN401 - as Django declares it
    ) -> Any:  # noqa: ANN401 - as Django declares it
        """The words of this database."""
        del template, arg_joiner
        return super().as_sql(
            compiler,
            connection,
            function,
            self.words[connection.vendor],
            self.between[connection.vendor],
            **extra_context,
        )


class VientianeDay(_InOwnWords):
    """The calendar day in Vientiane of a moment: seven hours after UTC, without summer time."""

    arity = 1
    output_field = DateField()
    words: ClassVar = {
        "sqlite": "date(%(expressions)s, '+7 hours')",
        "postgresql": "(%(expressions)s AT TIME ZONE 'Asia/Vientiane')::date",
    }
    between: ClassVar = {"sqlite": ", ", "postgresql": ", "}


class DaysBetween(_InOwnWords):
    """How many days the second of two dates is after the first."""

    arity = 2
    output_field = IntegerField()
    words: ClassVar = {
        "sqlite": "CAST(-(julianday(%(expressions)s)) AS INTEGER)",
        "postgresql": "-(%(expressions)s)",
    }
    between: ClassVar = {"sqlite": ") - julianday(", "postgresql": " - "}


class MinutesBetween(_InOwnWords):
    """How many whole minutes the second of two moments is after the first."""

    arity = 2
    output_field = IntegerField()
    words: ClassVar = {  # by whole seconds: a julian day is not exact to the millisecond
        "sqlite": "CAST(round(-(julianday(%(expressions)s)) * 86400) AS INTEGER) / 60",
        "postgresql": "round(extract(epoch from -(%(expressions)s)))::bigint / 60",
    }
    between: ClassVar = {"sqlite": ") - julianday(", "postgresql": " - "}
