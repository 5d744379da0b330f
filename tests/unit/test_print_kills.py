"""A kiosk that is killed while it prints neither loses a receipt nor doubles one in silence."""

from tests.killed_kiosk import kill_rounds


def test_killed_at_any_byte_no_receipt_is_lost_and_none_is_doubled_in_silence() -> None:
    """`make bench` does the same three hundred times."""
    count = kill_rounds(4, seed=8, lanes=2)
    assert count.kills == 4
    assert count.lost == 0
    assert count.doubled == 0
    assert count.printed_by_itself == 0
    assert count.problems == 0
    assert count.doubtful > 0  # so the kills came while something was printed
