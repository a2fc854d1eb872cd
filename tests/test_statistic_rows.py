"""Rows of long-term statistics become what the archive says, and no more are written."""

from hypothesis import given, strategies as st

from custom_components.spotify_hub.statistic_rows import (
    HOUR_MS,
    Row,
    hour_of,
    slug_for,
    sum_before,
    wrong_rows,
)

hours = st.integers(0, 20)
amounts = st.integers(1, 90).map(lambda sixths: sixths / 6)
wanted_hours = st.dictionaries(hours, amounts)
rows = st.builds(Row, hours, amounts, amounts)
found_rows = st.lists(rows, unique_by=lambda row: row.hour)


@given(wanted_hours, found_rows, amounts)
def test_rows_become_right(
    wanted: dict[int, float], found: list[Row], before: float
) -> None:
    """Whatever was there: each hour has its amount, and sums add up; then none is wrong."""
    in_order = sorted(wanted.items())
    there = {row.hour: row for row in found}
    there |= {row.hour: row for row in wrong_rows(in_order, found, before)}
    total = before
    for hour in sorted(there):
        total += wanted.get(hour, 0.0)
        assert abs(there[hour].state - wanted.get(hour, 0.0)) < 0.001
        assert abs(there[hour].sum - total) < 0.001
    assert there.keys() == wanted.keys() | {row.hour for row in found}
    assert not wrong_rows(in_order, there.values(), before)


def test_only_what_is_wrong_is_written() -> None:
    """A new hour touches no earlier row; an earlier one touches all later sums."""
    found = [Row(1, 3.0, 13.0), Row(3, 4.0, 17.0)]
    same = [(1, 3.0), (3, 4.0)]
    assert wrong_rows(same, found, 10.0) == []
    assert wrong_rows([*same, (5, 1.0)], found, 10.0) == [Row(5, 1.0, 18.0)]
    assert wrong_rows([(0, 1.0), *same], found, 10.0) == [
        Row(0, 1.0, 11.0),
        Row(1, 3.0, 14.0),
        Row(3, 4.0, 18.0),
    ]
    assert wrong_rows([(3, 4.0)], found, 10.0) == [Row(1, 0.0, 10.0), Row(3, 4.0, 14.0)]


def test_the_sum_before_is_the_last_rows() -> None:
    """Nothing, where there is none."""
    found = [Row(3, 4.0, 17.0), Row(1, 3.0, 13.0)]
    assert [sum_before(found, hour) for hour in (1, 2, 3, 4)] == [0.0, 13.0, 13.0, 17.0]


def test_names_stay_and_are_of_one_account() -> None:
    """Whatever the account is called later."""
    assert slug_for("anna", {}, "a") == "anna"
    assert slug_for("annika", {"a": "anna"}, "a") == "anna"
    assert slug_for("anna", {"a": "anna"}, "b") == "anna_2"
    assert slug_for("anna", {"a": "anna", "b": "anna_2"}, "c") == "anna_3"


def test_hours_are_utcs() -> None:
    """Their begin is theirs."""
    assert hour_of(HOUR_MS) == hour_of(2 * HOUR_MS - 1) == HOUR_MS
