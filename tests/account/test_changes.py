"""The record of changes, which Home Assistant must be able to keep."""

from homeassistant.components.recorder.db_schema import MAX_EVENT_DATA_BYTES
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.json import json_bytes
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.spotify_hub.account.changes import (
    EVENT_CHANGED,
    MOST_URIS,
    Caller,
    Change,
    ChangeLog,
    Door,
)
from custom_components.spotify_hub.const import CONF_USER_ID
from custom_components.spotify_hub.household_archive import HouseholdArchive

TRACK = "spotify:track:{:022}"
FILE = "spotify:local:" + "%C3%A4" * 100 + ":{}"
UMLAUTS = "spotify:local:" + "\u00e4\u266b" * 100 + ":{}"
QUOTES = "spotify:local:" + '"' * 500 + ":{}"


@pytest.mark.parametrize(
    ("uri", "fewest", "most"),
    [
        (TRACK, MOST_URIS, MOST_URIS),
        (FILE, 20, 30),
        (UMLAUTS, 20, 40),
        (QUOTES, 10, 20),
        ("spotify:local:" + "x" * 40_000, 0, 0),
    ],
    ids=["tracks", "files", "umlauts", "quotes", "one too long"],
)
async def test_a_change_fits_into_the_recorder(
    hass: HomeAssistant, uri: str, fewest: int, most: int
) -> None:
    """It drops what is longer; the count is told all the same."""
    heard = async_capture_events(hass, EVENT_CHANGED)
    uris = [uri.format(number) for number in range(10_000)]
    entry = MockConfigEntry(title="Anna", data={CONF_USER_ID: "anna"})
    log = ChangeLog(hass, entry, HouseholdArchive(hass))
    log.record(
        Caller(Context(), Door.ACTION),
        Change(what="items_added", uris=uris, playlist="Road trip"),
    )
    (event,) = heard
    assert event.data["count"] == 10_000
    told = event.data["uris"]
    assert fewest <= len(told) <= most
    assert told == uris[: len(told)]
    assert len(json_bytes(event.data)) < MAX_EVENT_DATA_BYTES
