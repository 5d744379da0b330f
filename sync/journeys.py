"""The day's journeys on this disk, until they leave for central in one envelope.

Counts grow in place, so that a row tells nothing of who came when; once their day is over they are
sent and erased in one transaction.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from sync.journey import QUESTIONS_MAX, Journeys, Steps
from sync.store import Store

_KEY = "day, service, version, language"


class JourneyCounts(Store):
    """The tables `journey` and `journey_question`."""

    def count_journeys(self, day: date, journeys: Journeys) -> None:
        """Add to the counts of a day; inside a transaction."""
        key = (day.isoformat(), journeys.service, journeys.version, journeys.language)
        self._write(
            f"""
            INSERT INTO journey ({_KEY}, begun, handed_in, set_aside) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET begun = begun + excluded.begun,
                handed_in = handed_in + excluded.handed_in,
                set_aside = set_aside + excluded.set_aside
            """,  # noqa: S608 - of words of ours
            (*key, journeys.begun, journeys.handed_in, journeys.set_aside),
        )
        for path, steps in journeys.questions.items():
            self._write(
                f"""
                INSERT INTO journey_question ({_KEY}, question, shown, wrong, left_here,
                    quick, steady, slow, long)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET shown = shown + excluded.shown,
                    wrong = wrong + excluded.wrong, left_here = left_here + excluded.left_here,
                    quick = quick + excluded.quick, steady = steady + excluded.steady,
                    slow = slow + excluded.slow, long = long + excluded.long
                """,  # noqa: S608 - of words of ours
                (*key, path, *steps.numbers()),
            )

    def journeys(self, today: date | None = None) -> list[tuple[date, Journeys]]:
        """What was counted, day by day; with `today` only the days that are over.

        No more than one envelope takes, but at least one day's of one service; the rest is next.
        A day that the clock has yet to reach was counted while the clock was wrong: it is over.
        """
        found: list[tuple[date, Journeys]] = []
        questions = 0
        for day, journeys in self._journeys("" if today is None else today.isoformat()):
            questions += len(journeys.questions)
            if found and questions > QUESTIONS_MAX:
                break
            found.append((day, journeys))
        return found

    def _journeys(self, today: str) -> Iterator[tuple[date, Journeys]]:
        rows = self._rows(
            f"SELECT {_KEY}, begun, handed_in, set_aside FROM journey WHERE day != ? "  # noqa: S608 - of words of ours
            f"ORDER BY {_KEY}",
            (today,),
        )
        for day, service, version, language, begun, handed_in, set_aside in rows:
            questions = self._questions((day, service, version, language))
            yield (
                date.fromisoformat(day),
                Journeys(service, version, language, begun, handed_in, set_aside, questions),
            )

    def _questions(self, key: tuple[str, ...]) -> Mapping[str, Steps]:
        rows = self._rows(
            """
            SELECT question, shown, wrong, left_here, quick, steady, slow, long
            FROM journey_question
            WHERE day = ? AND service = ? AND version = ? AND language = ? ORDER BY question
            """,
            key,
        )
        return {path: Steps.of_numbers(numbers) for path, *numbers in rows}

    def forget_journeys(self, day: date, journeys: Journeys) -> None:
        """They have left; inside the transaction that sends them."""
        key = (day.isoformat(), journeys.service, journeys.version, journeys.language)
        for table in ("journey_question", "journey"):
            self._write(
                f"DELETE FROM {table} "  # noqa: S608 - of words of ours
                "WHERE day = ? AND service = ? AND version = ? AND language = ?",
                key,
            )
