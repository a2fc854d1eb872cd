"""Alarms as they are kept: one for each account and speaker, the next first."""

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.alarms import (
    Alarm,
    dump,
    load,
    of_account,
    with_alarm,
    without_account,
)

ALARMS = st.builds(
    Alarm,
    st.sampled_from(["anna", "ben"]),
    st.sampled_from(["kitchen", "bath"]),
    st.floats(0, 4e9),
    st.just("spotify:collection"),
    st.text(max_size=5),
)


@given(st.lists(ALARMS, max_size=12))
def test_the_latest_for_a_speaker_holds(told: list[Alarm]) -> None:
    """An account wakes nobody twice on one speaker."""
    alarms: tuple[Alarm, ...] = ()
    for alarm in told:
        alarms = with_alarm(alarms, alarm)
    latest = {(one.entry_id, one.speaker): one for one in told}
    assert set(alarms) == set(latest.values())
    assert [one.at for one in alarms] == sorted(one.at for one in alarms)
    assert {one.entry_id for one in of_account(alarms, "anna")} <= {"anna"}
    rest = without_account(alarms, "anna")
    assert {*rest, *of_account(alarms, "anna")} == set(alarms)


@given(st.lists(ALARMS, max_size=5))
def test_what_is_kept_comes_back(told: list[Alarm]) -> None:
    """Through a file."""
    alarms = tuple(sorted(told, key=lambda one: one.at))
    assert load(json.loads(json.dumps(dump(alarms)))) == alarms


@pytest.mark.parametrize("data", [[{}], [{"entry_id": 1}], ["x"], [None]])
def test_what_is_something_else_is_refused(data: list[Any]) -> None:
    """Whoever kept it."""
    with pytest.raises((LookupError, TypeError, ValueError)):
        load(data)
