"""What an account pins, and what it sees pinned."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.spotify_hub.account.pins import PinOperations
from custom_components.spotify_hub.api.models import (
    Album,
    Artist,
    Context,
    Episode,
    Image,
    OtherItem,
    Playback,
    PlayingItem,
    Show,
    Track,
)
from custom_components.spotify_hub.api.uri import UriType, parse_uri
from custom_components.spotify_hub.household import Household
from custom_components.spotify_hub.pins import Pin
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import playlist_named

ID = "0" * 22
MIX = "spotify:playlist:37i9dQZF1E" + "0" * 12
COVER = "https://i.scdn.co/image/1"
ALBUM = Album(f"spotify:album:{ID}", ID, "Kind of Blue", images=(Image(COVER, 300),))
MILES = Artist(f"spotify:artist:{ID}", ID, "Miles Davis")
GUEST = Artist("spotify:artist:" + "1" * 22, "1" * 22, "John Coltrane")
TRACK = Track(
    f"spotify:track:{ID}", ID, "So What", 1000, artists=(GUEST, MILES), album=ALBUM
)
SHOW = Show(f"spotify:show:{ID}", ID, "Night Talk", images=(Image(COVER),))
EPISODE = Episode(f"spotify:episode:{ID}", ID, "One", 1000, show=SHOW)
LOCAL = Track("spotify:local:::Song:10", None, "Song", 1000, is_local=True)


@pytest.fixture
async def household(hass: HomeAssistant) -> Household:
    """A household without accounts: it keeps things for as long as the test lasts."""
    made = Household(hass)
    await made.async_ready()
    return made


@pytest.fixture
def pins(household: Household) -> PinOperations:
    """Anna's pins."""
    return PinOperations(household, "anna")


@pytest.fixture
def others(household: Household) -> PinOperations:
    """Ben's pins."""
    return PinOperations(household, "ben")


def playing(item: PlayingItem | None, context: str | None = None) -> Playback:
    """Return what plays."""
    kind = context.split(":")[1] if context else ""
    return Playback(
        is_playing=True, item=item, context=Context(kind, context) if context else None
    )


def nameless(_uri: str) -> str | None:
    """Know no playlist by name."""
    return None


@pytest.mark.parametrize("kind", sorted(set(UriType) - {UriType.USER}))
def test_everything_but_people_can_be_pinned(
    pins: PinOperations, kind: UriType
) -> None:
    """What Spotify hides from apps included."""
    uri = "spotify:collection" if kind is UriType.COLLECTION else f"spotify:{kind}:{ID}"
    pin = pins.pin(parse_uri(uri), name=" Our  music ")
    assert pins.all == (pin,)
    assert pin == Pin(uri=uri, name="Our music", entry_id="anna")


@pytest.mark.parametrize(
    ("how", "key"),
    [
        ({}, "pin_without_name"),
        ({"name": " "}, "pin_without_name"),
        ({"name": "A", "image": ""}, "pin_image_unusable"),
        ({"name": "A", "image": "http://example.com/a.jpg"}, "pin_image_unusable"),
        ({"name": "A", "image": "https://"}, "pin_image_unusable"),
        ({"name": "A", "image": "https://[a/b.jpg"}, "pin_image_unusable"),
        ({"name": "A", "image": "https://a.b/c d.jpg"}, "pin_image_unusable"),
        ({"name": "A", "image": "/local/"}, "pin_image_unusable"),
        ({"name": "A", "image": "/local/../secrets.yaml"}, "pin_image_unusable"),
        ({"name": "A", "image": "/config/a.jpg"}, "pin_image_unusable"),
        ({"name": "A", "image": "javascript:alert(1)"}, "pin_image_unusable"),
        ({"name": "first"}, "pin_name_taken"),
        ({"name": "A", "aliases": ["THE  one"]}, "pin_name_taken"),
        ({"name": "household's"}, "pin_name_taken"),
    ],
)
def test_a_pin_that_makes_no_sense_is_refused(
    pins: PinOperations, how: dict[str, Any], key: str
) -> None:
    """Nothing is pinned then; a name that is taken tells by what."""
    pins.pin(parse_uri(f"spotify:album:{ID}"), name="First", aliases=["The one"])
    pins.pin(parse_uri(f"spotify:show:{ID}"), name="Household's", household=True)
    before = pins.all
    with pytest.raises(ServiceValidationError) as refused:
        pins.pin(parse_uri(MIX), **how)
    assert refused.value.translation_key == key
    assert pins.all == before
    if key == "pin_name_taken":
        told = refused.value.translation_placeholders
        assert told is not None
        assert told["other"].startswith(("First (", "Household's ("))


def test_people_can_not_be_pinned(pins: PinOperations) -> None:
    """There is nothing to play."""
    with pytest.raises(ServiceValidationError) as refused:
        pins.pin(parse_uri("spotify:user:ben"), name="Ben")
    assert refused.value.translation_key == "wrong_kind"
    assert not pins.all


def test_pinning_again_changes_the_pin(pins: PinOperations) -> None:
    """What is not given stays; its own names are free for itself."""
    uri = parse_uri(MIX)
    pins.pin(uri, name="Mix", image=COVER, aliases=["My mix", "mix", "my MIX", " "])
    assert pins.all[0].aliases == ("My mix",)
    pins.pin(parse_uri(f"spotify:album:{ID}"), name="Other")
    changed = pins.pin(uri, name="My mix")
    assert changed == Pin(uri=MIX, name="My mix", image=COVER, entry_id="anna")
    assert pins.pin(uri, aliases=["Morning"]).names == ("My mix", "Morning")
    assert pins.pin(uri, image="/local/mix.jpg").names == ("My mix", "Morning")
    assert [pin.image for pin in pins.all] == ["/local/mix.jpg", None]


def test_names_are_found_whatever_their_case(pins: PinOperations) -> None:
    """And by their aliases."""
    pin = pins.pin(parse_uri(MIX), name="Straßenmusik", aliases=["Street  Music"])
    assert pins.find(" STRASSENMUSIK ") == pin
    assert pins.find("street music") == pin
    assert pins.find("street") is None


def test_who_sees_what(pins: PinOperations, others: PinOperations) -> None:
    """One's own are one's own; the household's are everybody's; one's own go first."""
    mine = pins.pin(parse_uri(MIX), name="Mix")
    shared = others.pin(parse_uri(f"spotify:album:{ID}"), name="Jazz", household=True)
    assert shared.entry_id is None
    assert [*pins.all] == [mine, shared]
    assert [*others.all] == [shared]
    theirs = others.pin(parse_uri(f"spotify:show:{ID}"), name="mix")
    assert others.find("Mix") == theirs
    own = pins.pin(parse_uri(shared.uri), name="My jazz")
    assert [*pins.all] == [mine, own]
    assert [*others.all] == [theirs, shared]


@pytest.mark.parametrize(
    "text",
    [MIX, f"https://open.spotify.com/playlist/{MIX[-22:]}?si=1", "mix", " MY  mix "],
)
def test_pins_are_taken_away_by_any_name(pins: PinOperations, text: str) -> None:
    """URI, link, name, or alias."""
    pin = pins.pin(parse_uri(MIX), name="Mix", aliases=["My mix"])
    kept = pins.pin(parse_uri(f"spotify:album:{ID}"), name="Jazz")
    assert pins.unpin(text) == pin
    assert pins.all == (kept,)


def test_what_is_not_pinned_can_not_be_taken_away(
    pins: PinOperations, others: PinOperations
) -> None:
    """Neither another account's pin, nor the household's by mistake."""
    pins.pin(parse_uri(MIX), name="Mix")
    shared = pins.pin(parse_uri(f"spotify:album:{ID}"), name="Jazz", household=True)
    for who, text, household in (
        (others, "Mix", False),
        (pins, "Jazz", False),
        (pins, "Mix", True),
        (pins, " ", False),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            who.unpin(text, household=household)
        assert refused.value.translation_key == "pin_not_found"
    assert others.unpin("jazz", household=True) == shared
    assert [pin.name for pin in pins.all] == ["Mix"]


@pytest.mark.parametrize(
    ("item", "context", "uri", "name"),
    [
        (TRACK, MIX, MIX, "Playlist with So What"),
        (None, MIX, MIX, "Playlist"),
        (LOCAL, MIX, MIX, "Playlist with Song"),
        (OtherItem("ad", "spotify:ad:0"), MIX, MIX, "Playlist"),
        (TRACK, ALBUM.uri, ALBUM.uri, "Kind of Blue"),
        (TRACK, MILES.uri, MILES.uri, "Miles Davis"),
        (TRACK, "spotify:artist:" + "2" * 22, "spotify:artist:" + "2" * 22, GUEST.name),
        (
            TRACK,
            "spotify:user:anna:collection",
            "spotify:user:anna:collection",
            "Liked Songs",
        ),
        (EPISODE, SHOW.uri, SHOW.uri, "Night Talk"),
        (EPISODE, None, EPISODE.uri, "One"),
        (TRACK, None, TRACK.uri, "So What"),
        (TRACK, "spotify:station:whatever", TRACK.uri, "So What"),
        (TRACK, "spotify:user:ben", TRACK.uri, "So What"),
        (
            TRACK,
            f"spotify:user:spotify:playlist:{MIX[-22:]}",
            MIX,
            "Playlist with So What",
        ),
    ],
)
def test_what_plays_is_pinned_by_what_it_plays_from(
    pins: PinOperations,
    item: PlayingItem | None,
    context: str | None,
    uri: str,
    name: str,
) -> None:
    """With a sensible name, and the picture that is shown."""
    pin = pins.pin_playing(playing(item, context), nameless)
    has_cover = item in {TRACK, EPISODE}
    assert pin == Pin(
        uri=uri, name=name, image=COVER if has_cover else None, entry_id="anna"
    )


def test_a_playlist_that_plays_has_its_name_where_it_is_known(
    pins: PinOperations,
) -> None:
    """It was looked up when it began to play."""
    pin = pins.pin_playing(playing(TRACK, MIX), {MIX: "Workout"}.get)
    assert pin.name == "Workout"


def test_what_was_pinned_before_keeps_its_name(pins: PinOperations) -> None:
    """A second press changes nothing; a picture is added where there was none."""
    pins.pin(parse_uri(MIX), name="Mine", aliases=["A"])
    for _ in range(2):
        pin = pins.pin_playing(playing(TRACK, MIX), {MIX: "Workout"}.get)
        assert pin.names == ("Mine", "A")
        assert pin.image == COVER
    assert pins.pin_playing(playing(TRACK, MIX), nameless, name="B").name == "B"
    assert len(pins.all) == 1


def test_a_name_that_nobody_chose_gives_way(pins: PinOperations) -> None:
    """A button can't be told another one."""
    for number, name in enumerate(("So What", "So What 2", "So What 3")):
        track = f"spotify:track:{number:022}"
        pin = pins.pin_playing(playing(Track(track, ID, "So What", 1)), nameless)
        assert pin.name == name


@pytest.mark.parametrize(
    ("playback", "key"),
    [
        (None, "nothing_playing"),
        (playing(None), "nothing_playing"),
        (playing(LOCAL), "nothing_to_pin"),
        (playing(OtherItem("ad", "spotify:ad:0")), "nothing_to_pin"),
        (playing(OtherItem("unknown")), "nothing_to_pin"),
    ],
)
def test_there_must_be_something_to_pin(
    pins: PinOperations, playback: Playback | None, key: str
) -> None:
    """Silence, adverts and local files have no address."""
    with pytest.raises(ServiceValidationError) as refused:
        pins.pin_playing(playback, nameless)
    assert refused.value.translation_key == key
    assert not pins.all


async def test_pins_outlive_a_restart(
    hass: HomeAssistant, anna: AccountEntry, emulator: Emulator
) -> None:
    """The household stores them; they go with the account they were pinned for."""
    uri = parse_uri(playlist_named(emulator.world, "Workout 2026").uri)
    account = anna.runtime_data
    account.pins.pin(uri, name="Mine", aliases=["Sport"])
    account.pins.pin(uri, name="Ours", household=True)
    kept = account.household.pins
    assert await hass.config_entries.async_reload(anna.entry_id)
    assert anna.runtime_data.household is not account.household
    assert anna.runtime_data.household.pins == kept


async def test_pins_go_with_their_account(
    hass: HomeAssistant, anna: AccountEntry, link: Link
) -> None:
    """Those of the household stay."""
    ben = await link("ben")
    for household in (False, True):
        anna.runtime_data.pins.pin(
            parse_uri(MIX), name=f"Mix {household}", household=household
        )
    await hass.config_entries.async_remove(anna.entry_id)
    assert [pin.name for pin in ben.runtime_data.household.pins] == ["Mix True"]
