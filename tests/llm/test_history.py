"""What a language model is told of what was listened to."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.spotify_hub.household_archive import name_of
from tests.archive.listening import DAY, KITCHEN, MINUTE, SECOND, live, track
from tests.conftest import AccountEntry

from .conftest import Agent

SUNDAY = {"start": "2026-03-01", "end": "2026-03-01"}


@pytest.fixture(autouse=True)
async def listened(hass: HomeAssistant, anna: AccountEntry) -> None:
    """Let Anna have listened on a Sunday at noon, by the clock at home, and on Monday."""
    # What Spotify lists would come in between.
    anna.runtime_data.recent.job.async_close()
    await hass.async_block_till_done(wait_background_tasks=True)
    archive = anna.runtime_data.household.history.require()
    account = name_of(anna)
    for at, number in ((0, 1), (5 * MINUTE, 2), (10 * MINUTE, 1), (DAY, 3)):
        song = track(number, artist="Nina Simone" if number < 3 else "Björk")
        await archive.add_live(live(at / SECOND, song, account=account))


async def test_what_was_played_when(agent: Agent) -> None:
    """The latest first, in local time, and only what matters of it."""
    told = await agent.call("plays", {**SUNDAY, "limit": 2})
    assert told == {
        "plays": [
            {
                "type": "track",
                "name": name,
                "by": "Nina Simone",
                "album": "The Album",
                "uri": track(number).uri,
                "at": at,
                "minutes": 3.0,
                "speaker": KITCHEN.name,
                "from": "Morning mix",
            }
            for number, name, at in (
                (1, "Song 1", "2026-03-01 12:10"),
                (2, "Song 2", "2026-03-01 12:05"),
            )
        ],
        "there_are_more": True,
    }


async def test_only_what_is_asked_for(agent: Agent) -> None:
    """By artist, by song, by speaker."""
    told = await agent.call("plays", {"artist": "björk"})
    assert [one["name"] for one in told["plays"]] == ["Song 3"]
    told = await agent.call("plays", {"item": "song 1"})
    assert len(told["plays"]) == 2
    told = await agent.call("plays", {**SUNDAY, "speaker": "garage"})
    assert told == {"plays": [], "there_are_more": False}


async def test_two_times_are_compared_by_two_questions(agent: Agent) -> None:
    """How much was listened, in minutes."""
    sunday = await agent.call("statistics", {"question": "total", **SUNDAY})
    monday = {"start": "2026-03-02", "end": "2026-03-02"}
    told = await agent.call("statistics", {"question": "total", **monday})
    assert (sunday["plays"], sunday["minutes"]) == (3, 9.0)
    assert (told["plays"], told["minutes"]) == (1, 3.0)
    assert sunday["start"] == "2026-03-01 00:00"
    assert told["discovered"] == 1


async def test_what_was_played_most(agent: Agent) -> None:
    """As many as are asked for, best first."""
    asked = {"question": "top_tracks", "limit": 1}
    told = await agent.call("statistics", asked)
    (top,) = told["items"]
    assert top == {
        "type": "track",
        "name": "Song 1",
        "by": "Nina Simone",
        "album": "The Album",
        "uri": track(1).uri,
        "plays": 2,
        "starts": 2,
        "skips": 0,
        "minutes": 6.0,
    }
    told = await agent.call("statistics", {"question": "top_artists"})
    assert [one["name"] for one in told["items"]] == ["Nina Simone", "Björk"]


async def test_long_answers_are_cut_to_the_latest(
    agent: Agent, anna: AccountEntry
) -> None:
    """Whoever has listened for years has many months."""
    archive = anna.runtime_data.household.history.require()
    for month in range(1, 40):
        song = live(-month * 31 * DAY / SECOND, track(1), account=name_of(anna))
        await archive.add_live(song)
    told = await agent.call("statistics", {"question": "per_month"})
    assert len(told["items"]) == 30
    assert told["items"][-1]["start"].startswith("2026-03")
    assert told["earlier_left_out"] == 10
    told = await agent.call(
        "statistics", {"question": "per_month", "start": "2025-04-01"}
    )
    assert "earlier_left_out" not in told


async def test_when_something_was_first_played(agent: Agent) -> None:
    """In local time."""
    asked = {"question": "first_and_last", "item": "song 1"}
    told = await agent.call("statistics", asked)
    assert told["first"] == "2026-03-01 12:00"
    assert told["last"] == "2026-03-01 12:10"


async def test_questions_that_cannot_be_answered_say_why(agent: Agent) -> None:
    """So that the model can ask otherwise."""
    with pytest.raises(ServiceValidationError):
        await agent.call("statistics", {"question": "first_and_last"})
    with pytest.raises(ServiceValidationError):
        await agent.call("plays", {"period": "today", **SUNDAY})
    with pytest.raises(ServiceValidationError):
        await agent.call("plays", {"start": "2026-03-02", "end": "2026-03-01"})


async def test_without_an_archive_nothing_is_invented(
    agent: Agent, anna: AccountEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says that it can't be asked."""
    with monkeypatch.context() as closed:
        closed.setattr(anna.runtime_data.household.history, "archive", None)
        with pytest.raises(HomeAssistantError, match="history"):
            await agent.call("plays")
