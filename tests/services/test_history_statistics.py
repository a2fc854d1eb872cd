"""Questions about the history, by an action."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.archive.records import Sighting, Speaker
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.services.history_statistics import (
    ANSWERS,
    Question,
)
from tests.archive.listening import episode, live, recent, track
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.project import INTEGRATION, load_yaml

BATH = Speaker("speaker-2", "Bath")
ONE, TWO = track(1), track(2, artist="Miles Davis", length=300)
A_DAY = 86_400
NOTHING = {"plays": 0, "starts": 0, "skips": 0, "listened": 0.0}

type Call = Callable[..., Awaitable[Any]]


def amount(plays: int, listened: float, starts: int = 0, skips: int = 0) -> Any:
    """Return how much was listened, as it is answered."""
    return {
        "plays": plays,
        "starts": starts or plays,
        "skips": skips,
        "listened": listened,
    }


async def keep(entry: AccountEntry, *sightings: Sighting) -> None:
    """Let an account have listened to something."""
    history = entry.runtime_data.history
    for one in sightings:
        await (await history.archive()).add_live(replace(one, account=history.name))


@pytest.fixture
async def anna(hass: HomeAssistant, link: Link) -> AccountEntry:
    """Link Anna, who listened to something on two evenings (a Sunday and a Monday)."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    entry = await link(features=[Feature.CONTROL])
    await hass.async_block_till_done(wait_background_tasks=True)
    await keep(
        entry,
        live(0, ONE),
        live(200, ONE),
        live(400, TWO, speaker=BATH),
        live(A_DAY, ONE, listened=20, skipped=True, context=None),
        live(A_DAY + 60, episode()),
    )
    return entry


@pytest.fixture
def ask(hass: HomeAssistant, anna: AccountEntry, emulator: Emulator) -> Call:
    """Ask a question; Spotify is never asked."""
    emulator.forget_requests()

    async def run(question: str, context: Context | None = None, **data: Any) -> Any:
        answer = await hass.services.async_call(
            DOMAIN,
            "get_statistics",
            {"question": question, **data},
            blocking=True,
            return_response=True,
            context=context,
        )
        assert not emulator.requests
        assert answer is not None
        assert answer.pop("question") == question
        return answer

    return run


async def test_what_most(ask: Call) -> None:
    """Tracks, artists, albums, episodes, shows; by plays or by time."""
    tracks = (await ask("top_tracks"))["items"]
    assert [one["name"] for one in tracks] == ["Song 1", "Song 2"]
    assert tracks[0] == {
        "type": "track",
        "uri": ONE.uri,
        "name": "Song 1",
        "by": ["Nina Simone"],
        "duration": 180.0,
        "album": "The Album",
        "album_uri": "spotify:album:1",
        **amount(2, 380.0, 3, 1),
    }
    by_time = (await ask("top_tracks", by="time", start="2026-03-01"))["items"]
    assert [one["listened"] for one in by_time] == [380.0, 300.0]
    assert (await ask("top_tracks", limit=1))["items"] == tracks[:1]
    assert (await ask("top_artists"))["items"][0] == {
        "type": "artist",
        "uri": "spotify:artist:NinaSimone",
        "name": "Nina Simone",
        **amount(2, 380.0, 3, 1),
    }
    (first, second) = (await ask("top_albums"))["items"]
    assert (first["type"], first["name"], first["by"]) == (
        "album",
        "The Album",
        ["Nina Simone"],
    )
    assert second["by"] == ["Miles Davis"]
    (show,) = (await ask("top_shows"))["items"]
    assert show == {
        "type": "show",
        "uri": "spotify:show:1",
        "name": "The Show",
        "by": ["A publisher"],
        **amount(1, 1800.0),
    }
    (spoken,) = (await ask("top_episodes"))["items"]
    assert (spoken["type"], spoken["show"]) == ("episode", "The Show")


async def test_how_much(ask: Call) -> None:
    """In all, and of each day, week, month and year."""
    total = await ask("total")
    assert total == {
        "start": None,
        "end": None,
        **amount(4, 2_480.0, 5, 1),
        "skip_rate": 0.2,
        "discovered": 3,
    }
    sunday = {**amount(3, 660.0)}
    monday = {**amount(1, 1_820.0, 2, 1)}
    assert (await ask("per_day"))["items"] == [
        {"start": "2026-03-01", **sunday},
        {"start": "2026-03-02", **monday},
    ]
    assert (await ask("per_week"))["items"] == [
        {"start": "2026-02-23", **sunday},
        {"start": "2026-03-02", **monday},
    ]
    everything = amount(4, 2_480.0, 5, 1)
    assert (await ask("per_month"))["items"] == [{"start": "2026-03-01", **everything}]
    assert (await ask("per_year"))["items"] == [{"start": "2026-01-01", **everything}]


async def test_of_which_time(ask: Call, hass: HomeAssistant) -> None:
    """The answer says which it was, in UTC."""
    answer = await ask("total", start="2026-03-02", end="2026-03-02")
    assert answer["start"] == "2026-03-01T23:00:00+00:00"
    assert answer["end"] == "2026-03-02T23:00:00+00:00"
    assert answer["plays"] == 1
    nothing = await ask("total", period="last_year")
    assert nothing["start"] is not None
    assert nothing["skip_rate"] is None
    assert {key: nothing[key] for key in NOTHING} == NOTHING


async def test_when_in_the_week(ask: Call) -> None:
    """Seven days of twenty-four hours, Monday first, in Home Assistant's zone."""
    answer = await ask("heat_map")
    assert [len(day) for day in answer["plays"]] == [24] * 7
    assert (answer["plays"][6][21], answer["plays"][0][21]) == (3, 1)
    assert answer["listened"][6][21] == 660.0
    assert sum(map(sum, answer["plays"])) == 4


async def test_what_was_new(ask: Call) -> None:
    """The latest first."""
    answer = await ask("discoveries", limit=2)
    assert answer["total"] == 3
    assert [(one["name"], one["first_played"]) for one in answer["items"]] == [
        ("Episode 1", "2026-03-02T20:01:00+00:00"),
        ("Song 2", "2026-03-01T20:06:40+00:00"),
    ]


async def test_how_somebody_listens(ask: Call) -> None:
    """Days in a row, sessions, skips, speakers, contexts."""
    streaks = await ask("streaks")
    assert streaks["total"] == 1
    assert streaks["items"] == [
        {"first": "2026-03-01", "last": "2026-03-02", "days": 2}
    ]
    sessions = await ask("sessions", limit=1)
    assert (sessions["total"], sessions["listened"]) == (2, 2_480.0)
    assert sessions["items"] == [
        {
            "started": "2026-03-02T20:00:00+00:00",
            "ended": "2026-03-02T20:31:00+00:00",
            "starts": 2,
            "listened": 1_820.0,
        }
    ]
    assert (await ask("skip_rate"))["skip_rate"] == 0.2
    assert [one["speaker"] for one in (await ask("by_speaker"))["items"]] == [
        "Kitchen",
        "Bath",
    ]
    assert [one["name"] for one in (await ask("by_context"))["items"]] == [
        "Morning mix",
        None,
    ]


async def test_when_first_and_last(ask: Call) -> None:
    """Of an item, by whatever names it."""
    assert await ask("first_and_last", item="Song 1") == {
        "start": None,
        "end": None,
        "first": "2026-03-01T20:00:00+00:00",
        "last": "2026-03-02T20:00:00+00:00",
        **amount(2, 380.0, 3, 1),
    }
    never = await ask("first_and_last", item="spotify:track:0000000000000000000099")
    assert (never["first"], never["last"], never["starts"]) == (None, None, 0)
    with pytest.raises(ServiceValidationError) as refused:
        await ask("first_and_last")
    assert refused.value.translation_key == "question_needs_item"


async def test_what_two_accounts_share(
    hass: HomeAssistant,
    anna: AccountEntry,
    link: Link,
    emulator: Emulator,
    ask: Call,
    hass_read_only_user: MockUser,
) -> None:
    """Who asks must be allowed to know both."""
    ben = await link("ben", features=[Feature.CONTROL])
    await hass.async_block_till_done(wait_background_tasks=True)
    emulator.forget_requests()
    await keep(ben, live(0, ONE), live(200, track(7)))
    both = {"config_entry_id": anna.entry_id, "compare_with": ben.entry_id}
    answer = await ask("comparison", **both)
    assert answer["likeness"] == pytest.approx(0.5)
    assert (answer["works"], answer["other_works"], answer["shared_works"]) == (3, 2, 1)
    (shared,) = answer["items"]
    assert shared["name"] == "Song 1"
    assert shared["one"] == amount(2, 380.0, 3, 1)
    assert shared["other"] == amount(1, 180.0)
    household = anna.runtime_data.household
    household.async_set_links(
        household.links.with_account(
            anna.entry_id,
            users=[hass_read_only_user.id],
            areas=[],
            shared=False,
            default=True,
        )
    )
    somebody = Context(user_id=hass_read_only_user.id)
    assert (await ask("total", somebody))["plays"] == 4
    for which in (both, {"config_entry_id": ben.entry_id}):
        with pytest.raises(Unauthorized):
            await ask("comparison", somebody, **which)
    with pytest.raises(ServiceValidationError) as refused:
        await ask("comparison")
    assert refused.value.translation_key == "question_needs_account"


async def test_what_is_missing(ask: Call, anna: AccountEntry) -> None:
    """Days that are not complete, and the gaps in them."""
    history = anna.runtime_data.history
    for evening in (0, A_DAY / 2):
        await (await history.archive()).add_recent(
            history.name,
            [
                replace(recent(evening + 10 * at, ONE), account=history.name)
                for at in range(2)
            ],
        )
    answer = await ask("completeness")
    assert [one["start"] for one in answer["items"]] == ["2026-03-01", "2026-03-02"]
    assert all(0 < one["complete"] < 1 for one in answer["items"])
    assert answer["gaps"] == [
        {"start": "2026-03-01T20:00:10+00:00", "end": "2026-03-02T08:00:00+00:00"}
    ]
    assert (await ask("completeness", start="2026-03-03"))["gaps"] == []
    assert (await ask("completeness", end="2026-02-03"))["gaps"] == []
    within = await ask("completeness", start="2026-03-02", end="2026-03-02")
    assert len(within["gaps"]) == len(within["items"]) == 1


async def test_every_question_can_be_asked(ask: Call) -> None:
    """And chosen; of nothing there is an answer too."""
    select = load_yaml(INTEGRATION / "services.yaml")["get_statistics"]["fields"]
    assert select["question"]["selector"]["select"]["options"] == [*Question]
    assert ANSWERS.keys() == {*Question}
    for question in Question:
        if question is not Question.COMPARISON:
            assert await ask(question.value, period="last_year", item="Song 1")


@pytest.mark.parametrize(
    "data",
    [
        {"question": "top_secrets"},
        {"question": "total", "by": "luck"},
        {"question": "total", "limit": 1_001},
        {},
    ],
)
async def test_what_is_malformed_is_refused(
    hass: HomeAssistant, anna: AccountEntry, data: dict[str, Any]
) -> None:
    """Before anything is asked."""
    with pytest.raises(vol.Invalid):
        await hass.services.async_call(
            DOMAIN, "get_statistics", data, blocking=True, return_response=True
        )
