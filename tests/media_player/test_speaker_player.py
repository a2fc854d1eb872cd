"""A speaker's own player: whoever plays there, by whoever's account."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.components.media_player import (
    DOMAIN as MEDIA_PLAYER,
    MediaPlayerEntityFeature,
)
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.spotify_hub import (
    async_remove_config_entry_device,
    household_speakers,
)
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.links import Links
from custom_components.spotify_hub.speaker_book import SpeakerSettings, find
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, Fault
from tests.emulator.phone import Phone
from tests.emulator.world import Device

from .conftest import Uri

KITCHEN = "media_player.kitchen"
SONOS = "media_player.sonos_bedroom"

type Do = Callable[..., Awaitable[Any]]


@pytest.fixture
async def ben(anna: AccountEntry, link: Link) -> AccountEntry:
    """Link Ben too, whose account sees the kitchen as well."""
    return await link("ben")


@pytest.fixture
def bens(emulator: Emulator) -> Phone:
    """Ben's phone."""
    return emulator.phone("ben")


@pytest.fixture
def do(hass: HomeAssistant) -> Do:
    """Call an action of the kitchen's player."""

    async def run(action: str, **data: Any) -> Any:
        context, entity = data.pop("context", None), data.pop("entity", KITCHEN)
        response = data.pop("response", False)
        return await hass.services.async_call(
            MEDIA_PLAYER,
            action,
            {"entity_id": entity, **data},
            blocking=True,
            context=context,
            return_response=response,
        )

    return run


def shown(hass: HomeAssistant, entity_id: str = KITCHEN) -> State:
    """Return what a player shows."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state


def on(phone: Phone) -> str | None:
    """Return the name of the device on which somebody plays."""
    player = phone.player
    return player.active.name if player.active and player.is_playing else None


async def look(entry: AccountEntry) -> None:
    """Poll what an account plays, and what it sees."""
    await entry.runtime_data.speakers.async_refresh()
    await entry.runtime_data.playback.async_refresh()


def book_of(entry: AccountEntry) -> household_speakers.HouseholdSpeakers:
    """Return the speakers of the household."""
    return entry.runtime_data.household.speakers


def id_of(entry: AccountEntry, name: str) -> str:
    """Return the id of the only speaker of this name."""
    (speaker,) = find(book_of(entry).book, name)
    return speaker.id


async def someone(hass: HomeAssistant) -> User:
    """Return a person of the household who is no administrator."""
    group = await hass.auth.async_get_group(GROUP_ID_USER)
    assert group is not None
    return MockUser(groups=[group]).add_to_hass(hass)


def settle(entry: AccountEntry, **links: Any) -> None:
    """Settle who and what belongs to which account."""
    entry.runtime_data.household.async_set_links(Links(**links))


async def test_each_speaker_is_a_device_with_one_player(
    hass: HomeAssistant, anna: AccountEntry, ben: AccountEntry
) -> None:
    """However many accounts see it; it hangs on the account that saw it first."""
    entities = er.async_get(hass)
    players = [
        entity
        for entity in entities.entities.values()
        if entity.domain == MEDIA_PLAYER and entity.platform == DOMAIN
    ]
    assert sum(entity.entity_id.startswith(KITCHEN) for entity in players) == 1
    kitchen = entities.async_get(KITCHEN)
    assert kitchen is not None
    assert kitchen.config_entry_id == anna.entry_id
    devices = dr.async_get(hass)
    device = devices.async_get(kitchen.device_id or "")
    account = devices.async_get_device_by_identifier(
        (DOMAIN, anna.entry_id), anna.entry_id
    )
    assert isinstance(device, dr.DeviceEntry)
    assert account is not None
    assert device.name == "Kitchen"
    assert device.via_device_id == account.id


async def test_phones_and_computers_wait_to_be_wanted(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """Their players are there, and disabled."""
    phone = er.async_get(hass).async_get("media_player.anna_s_phone")
    assert phone is not None
    assert phone.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert hass.states.get("media_player.anna_s_phone") is None


async def test_it_stands_in_the_area_that_is_called_like_it(
    hass: HomeAssistant, link: Link
) -> None:
    """Or whose alias is its name; other areas are not made."""
    areas = ar.async_get(hass)
    kitchen = areas.async_create("kitchen")
    lounge = areas.async_create("Lounge", aliases={"Living Room TV"})
    await link()
    stands = {one.name: one.area_id for one in dr.async_get(hass).devices}
    assert stands["Kitchen"] == kitchen.id
    assert stands["Living Room TV"] == lounge.id
    assert stands["Sonos Bedroom"] is None
    assert len(list(areas.async_list_areas())) == 2


async def test_it_is_off_while_nobody_sees_it_and_never_unavailable(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone
) -> None:
    """It can be started all the same."""
    assert shown(hass).state == "idle"
    phone.vanish("Kitchen")
    await look(anna)
    state = shown(hass)
    assert state.state == "off"
    assert state.attributes["supported_features"] & MediaPlayerEntityFeature.PLAY_MEDIA


async def test_it_shows_what_plays_there_and_whose_it_is(
    hass: HomeAssistant, ben: AccountEntry, bens: Phone, uri: Uri
) -> None:
    """Though the speaker hangs on another account."""
    bens.play(uri("track", "So What"), "Kitchen")
    await look(ben)
    state = shown(hass)
    assert state.state == "playing"
    assert state.attributes["media_title"] == "So What"
    assert state.attributes["account"] == ben.title
    assert state.attributes["volume_level"] == 0.3
    bens.pause()
    await look(ben)
    assert shown(hass).state == "paused"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("media_pause", {}),
        ("media_stop", {}),
        ("media_next_track", {}),
        ("media_previous_track", {}),
        ("media_seek", {"seek_position": 30}),
        ("shuffle_set", {"shuffle": True}),
        ("repeat_set", {"repeat": "all"}),
        ("volume_set", {"volume_level": 0.3}),
        ("volume_up", {}),
        ("volume_down", {}),
        ("volume_mute", {"is_volume_muted": True}),
    ],
)
async def test_commands_go_to_the_account_that_plays_there(
    anna: AccountEntry,
    ben: AccountEntry,
    bens: Phone,
    emulator: Emulator,
    do: Do,
    uri: Uri,
    action: str,
    data: dict[str, Any],
) -> None:
    """Though another one is the default, and the speaker's owner."""
    settle(anna, default=anna.entry_id)
    bens.play(uri("album", "Kind of Blue"), "Kitchen")
    bens.next()
    await look(ben)
    emulator.forget_requests()
    await do(action, **data)
    commands = [one for one in emulator.requests if one.method in {"PUT", "POST"}]
    assert {one.user_id for one in commands} == {"ben"}
    assert all(one.status < 300 for one in commands)


async def test_what_began_since_the_last_look_is_paused_too(
    ben: AccountEntry, bens: Phone, do: Do, uri: Uri
) -> None:
    """Who plays there is asked once before anybody is told that nothing does."""
    bens.play(uri("track", "So What"), "Kitchen")
    await do("media_pause")
    assert not bens.player.is_playing


@pytest.mark.parametrize("action", ["media_next_track", "media_previous_track"])
async def test_where_nothing_plays_nothing_is_skipped(
    anna: AccountEntry,
    phone: Phone,
    emulator: Emulator,
    do: Do,
    uri: Uri,
    action: str,
) -> None:
    """It is said, and nothing that plays elsewhere is touched."""
    phone.play(uri("track", "So What"), "Living Room TV")
    with pytest.raises(ServiceValidationError) as raised:
        await do(action)
    assert raised.value.translation_key == "nothing_on_speaker"
    assert not [one for one in emulator.requests if one.method != "GET"]


async def test_pausing_everything_pauses_what_plays(
    anna: AccountEntry,
    ben: AccountEntry,
    bens: Phone,
    emulator: Emulator,
    do: Do,
    uri: Uri,
) -> None:
    """Silent speakers are silent already; each account is asked but once."""
    bens.play(uri("track", "So What"), "Kitchen")
    emulator.forget_requests()
    await do(
        "media_pause",
        entity=[KITCHEN, "media_player.living_room_tv"],
    )
    assert not bens.player.is_playing
    assert len(emulator.calls("GET", "/v1/me/player$")) <= 2


async def test_it_plays_on_what_is_paused_there(
    anna: AccountEntry, ben: AccountEntry, bens: Phone, do: Do, uri: Uri
) -> None:
    """By the account whose it is."""
    settle(anna, default=anna.entry_id)
    bens.play(uri("track", "So What"), "Kitchen")
    bens.pause()
    await look(ben)
    await do("media_play")
    assert on(bens) == "Kitchen"


async def test_where_nothing_is_paused_the_callers_account_plays_on(
    anna: AccountEntry, phone: Phone, do: Do, uri: Uri
) -> None:
    """What it played elsewhere comes here."""
    phone.play(uri("track", "So What"), "Living Room TV")
    phone.pause()
    await look(anna)
    await do("media_play")
    assert on(phone) == "Kitchen"


async def test_a_start_goes_to_this_speaker_by_the_callers_account(
    hass: HomeAssistant,
    anna: AccountEntry,
    ben: AccountEntry,
    phone: Phone,
    bens: Phone,
    do: Do,
    uri: Uri,
) -> None:
    """Whatever plays elsewhere: the account of the person, else of the area, else the default."""
    person = await someone(hass)
    area = ar.async_get(hass).async_create("Scullery")
    kitchen = er.async_get(hass).async_get(KITCHEN)
    assert kitchen is not None
    dr.async_get(hass).async_update_device(kitchen.device_id or "", area_id=area.id)
    settle(
        anna,
        users={person.id: ben.entry_id},
        default=anna.entry_id,
        shared=frozenset({anna.entry_id}),
    )
    track = {
        "media_content_type": "music",
        "media_content_id": uri("track", "So What"),
    }
    phone.play(uri("track", "Get Lucky"), "Living Room TV")
    await look(anna)
    await do("play_media", **track, context=Context(user_id=person.id))
    assert (on(bens), on(phone)) == ("Kitchen", "Living Room TV")
    await do("play_media", **track)
    assert on(phone) == "Kitchen"
    phone.pause()
    bens.pause()
    settle(anna, areas={area.id: ben.entry_id}, default=anna.entry_id)
    await do("play_media", **track)
    assert (on(bens), on(phone)) == ("Kitchen", None)


async def test_nobody_commands_an_account_that_is_not_theirs(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone, do: Do, uri: Uri
) -> None:
    """The kitchen is everybody's, the account that plays there is not."""
    owner, guest = await someone(hass), await someone(hass)
    settle(anna, users={owner.id: anna.entry_id}, default=anna.entry_id)
    phone.play(uri("track", "So What"), "Kitchen")
    await look(anna)
    for action in ("media_pause", "volume_up", "media_play"):
        with pytest.raises(Unauthorized):
            await do(action, context=Context(user_id=guest.id))
    assert on(phone) == "Kitchen"


async def test_what_is_enqueued_joins_what_plays_there(
    anna: AccountEntry, ben: AccountEntry, bens: Phone, do: Do, uri: Uri
) -> None:
    """In the queue of that account, for there is no other."""
    settle(anna, default=anna.entry_id)
    bens.play(uri("album", "Kind of Blue"), "Kitchen")
    await look(ben)
    track = uri("track", "Get Lucky")
    await do(
        "play_media",
        media_content_type="music",
        media_content_id=track,
        enqueue="add",
    )
    assert bens.player.queue == [track]


async def test_volume_can_be_set_before_anything_plays(
    anna: AccountEntry, phone: Phone, do: Do
) -> None:
    """On the speaker itself, wherever music plays; within what is allowed."""
    book_of(anna).async_configure(
        id_of(anna, "Kitchen"), SpeakerSettings(max_volume=0.6)
    )
    kitchen = next(one for one in phone.player.devices if one.name == "Kitchen")
    await do("volume_set", volume_level=0.3)
    assert kitchen.volume_percent == 30
    await do("volume_set", volume_level=0.9)
    assert kitchen.volume_percent == 60


async def test_a_speaker_that_nobody_sees_says_so(
    anna: AccountEntry, phone: Phone, do: Do
) -> None:
    """Its volume can't be set, nor can it be turned up from nothing."""
    phone.vanish("Kitchen")
    await look(anna)
    with pytest.raises(ServiceValidationError) as raised:
        await do("volume_set", volume_level=0.3)
    assert raised.value.translation_key == "start_offline"
    with pytest.raises(HomeAssistantError) as unknown:
        await do("volume_up")
    assert unknown.value.translation_key == "volume_unknown"


async def test_the_callers_library_is_browsed_and_searched(
    anna: AccountEntry, ben: AccountEntry, do: Do
) -> None:
    """It is the same speaker for everybody, but not the same library."""
    settle(anna, default=ben.entry_id)
    found = await do("search_media", search_query="nineties", response=True)
    assert found[KITCHEN].result[0].title == "Ben's Nineties"
    tree = await do("browse_media", response=True)
    assert tree[KITCHEN].children


async def test_a_phone_plays_for_whoever_it_belongs_to(
    hass: HomeAssistant,
    anna: AccountEntry,
    ben: AccountEntry,
    phone: Phone,
    do: Do,
    uri: Uri,
) -> None:
    """Not for the default account, which does not see it."""
    settle(anna, default=ben.entry_id)
    entity_id = "media_player.anna_s_phone"
    er.async_get(hass).async_update_entity(entity_id, disabled_by=None)
    await hass.config_entries.async_reload(anna.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await do(
        "play_media",
        entity=entity_id,
        media_content_type="music",
        media_content_id=uri("track", "So What"),
    )
    assert on(phone) == "Anna's Phone"


async def test_a_restricted_speaker_without_a_link_offers_no_commands(
    hass: HomeAssistant, anna: AccountEntry, do: Do, uri: Uri
) -> None:
    """A start on it says why, and what can be done."""
    features = shown(hass, SONOS).attributes["supported_features"]
    assert not features & MediaPlayerEntityFeature.PAUSE
    assert not features & MediaPlayerEntityFeature.VOLUME_SET
    with pytest.raises(ServiceValidationError) as raised:
        await do(
            "play_media",
            entity=SONOS,
            media_content_type="music",
            media_content_id=uri("track", "So What"),
        )
    assert raised.value.translation_key == "speaker_restricted"


async def test_it_is_available_while_one_account_answers(
    hass: HomeAssistant, anna: AccountEntry, ben: AccountEntry, emulator: Emulator
) -> None:
    """A sign-in that is over does not silence the kitchen for the others."""
    for path in ("/me/player$", "/api/token$"):
        emulator.faults.add(
            Fault(
                path,
                status=401 if path.startswith("/me") else 400,
                body={"error": "invalid_grant"},
                times=None,
                user="anna" if path.startswith("/me") else None,
            )
        )
    await anna.runtime_data.playback.async_refresh()
    await hass.async_block_till_done()
    assert shown(hass, "media_player.spotify_anna").state == "unavailable"
    assert shown(hass).state == "idle"


async def test_a_speaker_that_comes_up_gets_a_player_at_once(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone
) -> None:
    """And one that somebody renames keeps it, under its new name."""
    phone.appear(Device("d" * 40, "Bath", "Speaker"))
    await look(anna)
    await hass.async_block_till_done()
    assert shown(hass, "media_player.bath").state == "idle"
    next(one for one in phone.player.devices if one.name == "Bath").name = "Bathroom"
    await look(anna)
    await hass.async_block_till_done()
    assert shown(hass, "media_player.bath").name == "Bathroom"


async def test_another_id_makes_no_second_player(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone
) -> None:
    """Nor do a hundred of them: Spotify's ids are not persistent."""
    before = set(hass.states.async_entity_ids(MEDIA_PLAYER))
    kitchen = next(one for one in phone.player.devices if one.name == "Kitchen")
    for number in range(100):
        kitchen.id = f"{number:040d}"
        await anna.runtime_data.speakers.async_refresh()
    await hass.async_block_till_done()
    assert set(hass.states.async_entity_ids(MEDIA_PLAYER)) == before


async def test_jams_and_browsers_do_not_pile_up(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone
) -> None:
    """Each time they come under an id of their own."""
    for number in range(20):
        web = Device(f"{number:040d}", "Web Player (Chrome)", "Computer")
        jam = Device(f"{number + 100:040d}", "Jam", "Speaker")
        phone.appear(web)
        phone.appear(jam)
        await look(anna)
        phone.vanish(web.name)
        phone.vanish(jam.name)
        await look(anna)
    await hass.async_block_till_done()
    named = [one.name for one in book_of(anna).book.speakers.values()]
    assert named.count("Jam") == named.count("Web Player (Chrome)") == 1
    ids = er.async_get(hass).entities
    assert "media_player.jam" in ids
    assert "media_player.jam_2" not in ids


async def test_a_speaker_can_be_removed_when_it_is_gone(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone
) -> None:
    """One that is there would come back at once; the account itself is no speaker."""
    entity = er.async_get(hass).async_get(KITCHEN)
    assert entity is not None
    devices = dr.async_get(hass)
    device = devices.async_get(entity.device_id or "")
    account = devices.async_get_device_by_identifier(
        (DOMAIN, anna.entry_id), anna.entry_id
    )
    assert isinstance(device, dr.DeviceEntry)
    assert account is not None
    assert not await async_remove_config_entry_device(hass, anna, device)
    assert not await async_remove_config_entry_device(hass, anna, account)
    phone.vanish("Kitchen")
    await look(anna)
    assert await async_remove_config_entry_device(hass, anna, device)
    await hass.async_block_till_done()
    assert hass.states.get(KITCHEN) is None
    assert not find(book_of(anna).book, "Kitchen")
    await hass.config_entries.async_unload(anna.entry_id)
    assert not await async_remove_config_entry_device(hass, anna, device)


async def test_a_speaker_nobody_has_seen_for_a_month_goes(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone, later: Later
) -> None:
    """With its device; one for which something was set stays."""
    book_of(anna).async_configure(
        id_of(anna, "Living Room TV"), SpeakerSettings(max_volume=0.5)
    )
    phone.vanish("Kitchen")
    phone.vanish("Living Room TV")
    await look(anna)
    await later(31 * 86_400)
    await look(anna)
    await hass.async_block_till_done()
    assert hass.states.get(KITCHEN) is None
    assert er.async_get(hass).async_get(KITCHEN) is None
    assert shown(hass, "media_player.living_room_tv").state == "off"


async def test_a_speaker_outlives_the_account_it_hung_on(
    hass: HomeAssistant,
    anna: AccountEntry,
    ben: AccountEntry,
    bens: Phone,
    do: Do,
    uri: Uri,
) -> None:
    """Its entity id, area and link stay; the other account plays on it."""
    speakers, kitchen = book_of(anna), id_of(anna, "Kitchen")
    settings = SpeakerSettings(linked="media_player.box", max_volume=0.8)
    speakers.async_configure(kitchen, settings)
    area = ar.async_get(hass).async_create("Scullery")
    entities, devices = er.async_get(hass), dr.async_get(hass)
    before = entities.async_get(KITCHEN)
    assert before is not None
    devices.async_update_device(
        before.device_id or "", area_id=area.id, name_by_user="Ours"
    )
    await hass.config_entries.async_remove(anna.entry_id)
    await hass.async_block_till_done()
    after = entities.async_get(KITCHEN)
    assert after is not None
    assert (after.id, after.device_id) == (before.id, before.device_id)
    assert after.config_entry_id == ben.entry_id
    device = devices.async_get(after.device_id or "")
    account = devices.async_get_device_by_identifier(
        (DOMAIN, ben.entry_id), ben.entry_id
    )
    assert isinstance(device, dr.DeviceEntry)
    assert account is not None
    assert (device.area_id, device.name_by_user) == (area.id, "Ours")
    assert device.via_device_id == account.id
    assert speakers.book.settings_of(kitchen) == settings
    await do(
        "play_media",
        media_content_type="music",
        media_content_id=uri("track", "So What"),
    )
    assert on(bens) == "Kitchen"


async def test_an_account_that_stays_away_loses_its_speakers(
    hass: HomeAssistant, anna: AccountEntry, ben: AccountEntry, later: Later
) -> None:
    """Disabled, or not signed in: after ten minutes another one takes them over."""
    await hass.config_entries.async_set_disabled_by(
        anna.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    await later(300)
    await look(ben)
    entity = er.async_get(hass).async_get(KITCHEN)
    assert entity is not None
    assert entity.config_entry_id == anna.entry_id
    await later(400)
    await look(ben)
    await hass.async_block_till_done()
    entity = er.async_get(hass).async_get(KITCHEN)
    assert entity is not None
    assert (entity.config_entry_id, entity.disabled_by) == (ben.entry_id, None)
    assert shown(hass).state == "idle"
