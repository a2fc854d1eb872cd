"""Whose account a call means, and who may use it: through the websocket API."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.auth.models import Credentials, User
from homeassistant.auth.providers.homeassistant import HassAuthProvider
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.spotify_hub.callers import async_account_for
from custom_components.spotify_hub.household import async_get_household, async_get_links
from custom_components.spotify_hub.links import Links
from custom_components.spotify_hub.speaker_book import find as find_speakers
from custom_components.spotify_hub.speaker_devices import (
    async_device_of,
    async_player_of,
)
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import find

ANNAS_PLAYER = "media_player.spotify_anna"
BENS_PLAYER = "media_player.spotify_ben"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a browser."""

    user: User
    client: MockHAClientWebSocket

    async def ask(self, command: str, **what: Any) -> dict[str, Any]:
        """Send a command of the websocket API, and return the answer."""
        await self.client.send_json_auto_id({"type": command, **what})
        answer: dict[str, Any] = await self.client.receive_json()
        return answer

    async def call(self, action: str, **data: Any) -> dict[str, Any]:
        """Call an action, and return the answer."""
        domain, service = action.split(".")
        return await self.ask(
            "call_service", domain=domain, service=service, service_data=data
        )


type Appear = Callable[..., Awaitable[Person]]


@dataclass(frozen=True, slots=True)
class House:
    """Two accounts, and what their libraries hold beyond what they held before."""

    hass: HomeAssistant
    emulator: Emulator
    anna: AccountEntry
    ben: AccountEntry

    def settle(self, **links: Any) -> None:
        """Settle who and what belongs to whom."""
        async_get_household(self.hass).async_set_links(Links(**links))

    def saved(self, uri: str) -> list[str]:
        """Return whose library holds a track."""
        return [
            user
            for user in ("anna", "ben")
            if uri in self.emulator.world.users[user].saved.get("track", {})
        ]


@pytest.fixture
def song(emulator: Emulator) -> str:
    """A track that nobody has saved."""
    uri = str(find(emulator.world, "track", "Flamenco Sketches")["uri"])
    for user in ("anna", "ben"):
        emulator.phone(user).unlike(uri)
    return uri


@pytest.fixture
async def house(hass: HomeAssistant, emulator: Emulator, link: Link) -> House:
    """Link Anna and Ben."""
    return House(hass, emulator, await link("anna"), await link("ben"))


@pytest.fixture
def appear(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    local_auth: HassAuthProvider,
) -> Appear:
    """Let somebody sign in to Home Assistant; an ordinary user by default."""

    async def sign_in(name: str, *, admin: bool = False) -> Person:
        group = await hass.auth.async_get_group(
            GROUP_ID_ADMIN if admin else GROUP_ID_USER
        )
        assert group is not None
        user = MockUser(name=name, groups=[group]).add_to_hass(hass)
        credential = Credentials(
            id=f"credential of {name}",
            auth_provider_type="homeassistant",
            auth_provider_id=None,
            data={"username": name},
            is_new=False,
        )
        user.credentials.append(credential)
        token = await hass.auth.async_create_refresh_token(
            user, CLIENT_ID, credential=credential
        )
        access = hass.auth.async_create_access_token(token)
        return Person(user, await hass_ws_client(hass, access))

    return sign_in


def _scripts(house: House, song: str) -> dict[str, Any]:
    """Return a script that saves to Ben's library."""
    return {
        "script": {
            "save_for_ben": {
                "sequence": [
                    {
                        "action": "spotify_hub.save_to_library",
                        "data": {
                            "items": [song],
                            "config_entry_id": house.ben.entry_id,
                        },
                    }
                ]
            }
        }
    }


async def test_the_account_that_is_named_comes_first(
    house: House, appear: Appear, song: str
) -> None:
    """Before the caller's own."""
    boss = await appear("boss", admin=True)
    house.settle(users={boss.user.id: house.anna.entry_id}, default=house.anna.entry_id)
    answer = await boss.call(
        "spotify_hub.save_to_library", items=[song], config_entry_id=house.ben.entry_id
    )
    assert answer["success"]
    assert house.saved(song) == ["ben"]


async def test_the_callers_own_comes_before_the_default(
    house: House, appear: Appear, song: str
) -> None:
    """Who is linked to an account need not name it."""
    person = await appear("ben")
    house.settle(
        users={person.user.id: house.ben.entry_id}, default=house.anna.entry_id
    )
    assert (await person.call("spotify_hub.save_to_library", items=[song]))["success"]
    assert house.saved(song) == ["ben"]


async def test_the_default_is_for_everybody_else(
    house: House, appear: Appear, song: str
) -> None:
    """Who is linked to none."""
    person = await appear("guest")
    house.settle(default=house.ben.entry_id)
    assert (await person.call("spotify_hub.save_to_library", items=[song]))["success"]
    assert house.saved(song) == ["ben"]


async def test_the_room_comes_before_the_default_and_after_the_person(
    hass: HomeAssistant, house: House, appear: Appear
) -> None:
    """The first of the rooms that has an account: the speaker's, then the satellite's."""
    person = await appear("anna")
    house.settle(
        users={person.user.id: house.anna.entry_id},
        areas={"kitchen": house.ben.entry_id, "bedroom": house.anna.entry_id},
        default=house.anna.entry_id,
    )
    nobody, somebody = Context(), Context(user_id=person.user.id)
    for context, areas, meant in (
        (nobody, ["kitchen"], house.ben),
        (nobody, ["cellar", None, "kitchen", "bedroom"], house.ben),
        (nobody, ["bedroom", "kitchen"], house.anna),
        (nobody, ["cellar"], house.anna),
        (somebody, ["kitchen"], house.anna),
    ):
        assert await async_account_for(hass, context, areas=areas) is meant


async def test_the_only_account_is_meant(
    anna: AccountEntry, appear: Appear, emulator: Emulator, song: str
) -> None:
    """Nothing has to be settled for a household of one."""
    person = await appear("anna")
    assert (await person.call("spotify_hub.save_to_library", items=[song]))["success"]
    assert song in emulator.world.users["anna"].saved["track"]


async def test_where_none_is_meant_those_there_are_are_listed(
    house: House, appear: Appear, song: str
) -> None:
    """The caller learns what to choose from, and nothing is changed."""
    person = await appear("guest")
    answer = await person.call("spotify_hub.save_to_library", items=[song])
    assert not answer["success"]
    error = answer["error"]
    assert error["translation_key"] == "choose_account"
    known = error["translation_placeholders"]["known"]
    assert known == f"{house.anna.title}, {house.ben.title}"
    assert house.saved(song) == []


async def test_without_accounts_one_has_to_be_linked(
    hass: HomeAssistant, anna: AccountEntry, appear: Appear, song: str
) -> None:
    """The actions stay when the last account goes."""
    person = await appear("anna")
    await hass.config_entries.async_remove(anna.entry_id)
    assert async_get_links(hass) == Links()
    answer = await person.call("spotify_hub.save_to_library", items=[song])
    assert answer["error"]["translation_key"] == "no_account"


async def test_an_account_that_is_not_loaded_is_said_to_be_so(
    hass: HomeAssistant, house: House, appear: Appear, song: str
) -> None:
    """Whether named, linked, or the only one; another is never taken instead."""
    person = await appear("ben")
    house.settle(
        users={person.user.id: house.ben.entry_id}, default=house.anna.entry_id
    )
    assert await hass.config_entries.async_unload(house.ben.entry_id)
    for named in ({}, {"config_entry_id": house.ben.entry_id}):
        answer = await person.call("spotify_hub.save_to_library", items=[song], **named)
        error = answer["error"]
        assert error["translation_key"] == "service_config_entry_not_loaded"
        assert error["translation_placeholders"]["entry_title"] == house.ben.title
    assert house.saved(song) == []


async def test_an_unknown_id_is_said_to_be_so(
    house: House, appear: Appear, song: str
) -> None:
    """Even to administrators."""
    boss = await appear("boss", admin=True)
    answer = await boss.call(
        "spotify_hub.save_to_library", items=[song], config_entry_id="nobody"
    )
    assert answer["error"]["translation_key"] == "service_config_entry_not_found"


async def test_somebody_elses_account_is_refused(
    house: House, appear: Appear, song: str
) -> None:
    """It belongs to Ben alone, and Anna is no administrator."""
    anna, ben = await appear("anna"), await appear("ben")
    house.settle(
        users={anna.user.id: house.anna.entry_id, ben.user.id: house.ben.entry_id}
    )
    answer = await anna.call(
        "spotify_hub.save_to_library", items=[song], config_entry_id=house.ben.entry_id
    )
    assert answer["error"]["message"] == "Unauthorized"
    assert house.saved(song) == []


async def test_a_default_of_somebody_elses_is_refused_too(
    house: House, appear: Appear, song: str
) -> None:
    """A guest does not reach Ben's library by saying nothing."""
    ben, guest = await appear("ben"), await appear("guest")
    house.settle(users={ben.user.id: house.ben.entry_id}, default=house.ben.entry_id)
    answer = await guest.call("spotify_hub.save_to_library", items=[song])
    assert answer["error"]["message"] == "Unauthorized"
    assert house.saved(song) == []


async def test_administrators_may_use_any(
    house: House, appear: Appear, song: str
) -> None:
    """Ben's too."""
    boss, ben = await appear("boss", admin=True), await appear("ben")
    house.settle(users={ben.user.id: house.ben.entry_id})
    answer = await boss.call(
        "spotify_hub.save_to_library", items=[song], config_entry_id=house.ben.entry_id
    )
    assert answer["success"]
    assert house.saved(song) == ["ben"]


@pytest.mark.parametrize("shared", [True, False])
async def test_shared_and_unclaimed_accounts_are_everybodys(
    house: House, appear: Appear, song: str, *, shared: bool
) -> None:
    """Ben's is marked so, or nobody is linked to any account yet."""
    anna, ben = await appear("anna"), await appear("ben")
    if shared:
        house.settle(
            users={
                anna.user.id: house.anna.entry_id,
                ben.user.id: house.ben.entry_id,
            },
            shared=frozenset({house.ben.entry_id}),
        )
    answer = await anna.call(
        "spotify_hub.save_to_library", items=[song], config_entry_id=house.ben.entry_id
    )
    assert answer["success"]
    assert house.saved(song) == ["ben"]


async def test_once_people_are_linked_an_unclaimed_account_is_not_everybodys(
    house: House, appear: Appear, song: str
) -> None:
    """Ben's belongs to nobody in particular; it would have to be shared."""
    anna = await appear("anna")
    house.settle(users={anna.user.id: house.anna.entry_id})
    answer = await anna.call(
        "spotify_hub.save_to_library", items=[song], config_entry_id=house.ben.entry_id
    )
    assert not answer["success"]
    assert "Unauthorized" in answer["error"]["message"]
    assert house.saved(song) == []


async def test_a_speaker_that_is_called_like_an_area_means_its_account(
    hass: HomeAssistant, house: House, appear: Appear, emulator: Emulator
) -> None:
    """The guest is linked to none; the kitchen is Ben's."""
    guest = await appear("guest", admin=True)
    kitchen = ar.async_get(hass).async_create("Kitchen")
    house.settle(areas={kitchen.id: house.ben.entry_id}, default=house.anna.entry_id)
    answer = await guest.call("spotify_hub.transfer_playback", speaker="kitchen")
    assert answer["success"], answer
    assert emulator.calls("PUT", "/v1/me/player$", "ben")
    assert not emulator.calls("PUT", "/v1/me/player$", "anna")


@pytest.mark.parametrize("by", ["name", "entity", "device"])
async def test_a_speaker_means_the_account_of_the_area_that_it_stands_in(
    hass: HomeAssistant, house: House, appear: Appear, emulator: Emulator, by: str
) -> None:
    """Whatever it is called, and however the call names it."""
    guest = await appear("guest", admin=True)
    speakers = house.anna.runtime_data.household.speakers
    (speaker,) = find_speakers(speakers.book, "Kitchen")
    device, entity_id = (
        async_device_of(hass, speaker),
        async_player_of(hass, speaker.id),
    )
    assert device is not None
    assert entity_id is not None
    cellar = ar.async_get(hass).async_create("Cellar")
    dr.async_get(hass).async_update_device(device.id, area_id=cellar.id)
    house.settle(areas={cellar.id: house.ben.entry_id}, default=house.anna.entry_id)
    named = {"name": "kitchen", "entity": entity_id, "device": device.id}[by]
    answer = await guest.call("spotify_hub.transfer_playback", speaker=named)
    assert answer["success"], answer
    assert emulator.calls("PUT", "/v1/me/player$", "ben")
    assert not emulator.calls("PUT", "/v1/me/player$", "anna")


async def test_the_background_work_of_others_is_not_ones_own_to_switch(
    hass: HomeAssistant, house: House, appear: Appear
) -> None:
    """It would end their history."""
    anna, ben = await appear("anna"), await appear("ben")
    house.settle(
        users={anna.user.id: house.anna.entry_id, ben.user.id: house.ben.entry_id}
    )
    switch = "switch.spotify_ben_background_work"
    answer = await anna.call("switch.turn_off", entity_id=switch)
    assert "Unauthorized" in answer["error"]["message"]
    state = hass.states.get(switch)
    assert state is not None
    assert state.state == "on"


async def test_a_script_may_use_any_whoever_runs_it(
    hass: HomeAssistant, house: House, appear: Appear, song: str
) -> None:
    """What an administrator wrote is allowed; calling the same oneself is not."""
    anna, ben = await appear("anna"), await appear("ben")
    house.settle(
        users={anna.user.id: house.anna.entry_id, ben.user.id: house.ben.entry_id}
    )
    assert await async_setup_component(hass, "script", _scripts(house, song))
    assert (await anna.call("script.save_for_ben"))["success"]
    assert house.saved(song) == ["ben"]


async def test_a_script_without_a_name_acts_for_who_runs_it(
    hass: HomeAssistant, house: House, appear: Appear, song: str
) -> None:
    """The context of a script is its caller's."""
    ben = await appear("ben")
    house.settle(users={ben.user.id: house.ben.entry_id}, default=house.anna.entry_id)
    scripts = _scripts(house, song)
    del scripts["script"]["save_for_ben"]["sequence"][0]["data"]["config_entry_id"]
    assert await async_setup_component(hass, "script", scripts)
    assert (await ben.call("script.save_for_ben"))["success"]
    assert house.saved(song) == ["ben"]


@pytest.mark.parametrize("named", [True, False])
async def test_an_automation_may_use_any_and_means_the_default(
    hass: HomeAssistant, house: House, appear: Appear, song: str, *, named: bool
) -> None:
    """It has no user."""
    anna, ben = await appear("anna"), await appear("ben")
    users = {anna.user.id: house.anna.entry_id, ben.user.id: house.ben.entry_id}
    default = house.anna.entry_id if named else house.ben.entry_id
    house.settle(users=users, default=default)
    data: dict[str, Any] = {"items": [song]}
    if named:
        data["config_entry_id"] = house.ben.entry_id
    automation = {
        "triggers": {"trigger": "event", "event_type": "doorbell"},
        "actions": {"action": "spotify_hub.save_to_library", "data": data},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    hass.bus.async_fire("doorbell")
    await hass.async_block_till_done()
    assert house.saved(song) == ["ben"]


async def test_a_user_who_is_gone_is_refused(hass: HomeAssistant, house: House) -> None:
    """A context of yesterday opens nothing."""
    with pytest.raises(UnknownUser):
        await async_account_for(
            hass, Context(user_id="gone"), entry_id=house.anna.entry_id
        )


async def test_two_callers_at_once_change_their_own_libraries(
    house: House, appear: Appear, song: str, emulator: Emulator
) -> None:
    """The same action, at the same moment."""
    other = str(find(emulator.world, "track", "Blue in Green")["uri"])
    for user in ("anna", "ben"):
        emulator.phone(user).unlike(other)
    anna, ben = await appear("anna"), await appear("ben")
    house.settle(
        users={anna.user.id: house.anna.entry_id, ben.user.id: house.ben.entry_id}
    )
    answers = await asyncio.gather(
        anna.call("spotify_hub.save_to_library", items=[song]),
        ben.call("spotify_hub.save_to_library", items=[other]),
    )
    assert all(answer["success"] for answer in answers)
    assert house.saved(song) == ["anna"]
    assert house.saved(other) == ["ben"]


@pytest.fixture
async def visitor(house: House, appear: Appear) -> Person:
    """Return Anna, an ordinary user, to whom Ben's account is foreign."""
    anna, ben = await appear("anna"), await appear("ben")
    house.settle(
        users={anna.user.id: house.anna.entry_id, ben.user.id: house.ben.entry_id}
    )
    return anna


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("media_player/browse_media", {}),
        ("media_player/search_media", {"search_query": "Blue"}),
    ],
)
async def test_a_foreign_library_is_not_read(
    visitor: Person, emulator: Emulator, command: str, what: dict[str, str]
) -> None:
    """Neither browsed nor searched; one's own is."""
    before = len(emulator.requests)
    answer = await visitor.ask(command, entity_id=BENS_PLAYER, **what)
    assert not answer["success"]
    assert answer["error"]["message"] == "Unauthorized"
    assert len(emulator.requests) == before
    answer = await visitor.ask(command, entity_id=ANNAS_PLAYER, **what)
    assert answer["success"]


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("media_pause", {}),
        ("media_play", {}),
        ("media_next_track", {}),
        ("volume_set", {"volume_level": 0.5}),
        ("select_source", {"source": "Kitchen"}),
        (
            "play_media",
            {"media_content_type": "music", "media_content_id": "spotify:track:x"},
        ),
    ],
)
async def test_a_foreign_player_takes_no_commands(
    visitor: Person, emulator: Emulator, action: str, data: dict[str, Any]
) -> None:
    """Ben goes on listening."""
    emulator.phone("ben").play(
        str(find(emulator.world, "album", "Kind of Blue")["uri"])
    )
    before = len(emulator.requests)
    answer = await visitor.call(f"media_player.{action}", entity_id=BENS_PLAYER, **data)
    assert answer["error"]["message"] == "Unauthorized"
    assert len(emulator.requests) == before
    assert emulator.phone("ben").player.is_playing


async def test_ones_own_player_takes_commands(
    visitor: Person, emulator: Emulator
) -> None:
    """And an administrator any."""
    phone = emulator.phone("anna")
    phone.play(str(find(emulator.world, "album", "Kind of Blue")["uri"]))
    answer = await visitor.call("media_player.media_pause", entity_id=ANNAS_PLAYER)
    assert answer["success"]
    assert not phone.player.is_playing


async def test_a_script_steers_a_foreign_player(
    hass: HomeAssistant, visitor: Person, emulator: Emulator
) -> None:
    """Run by who may not do so by hand."""
    phone = emulator.phone("ben")
    phone.play(str(find(emulator.world, "album", "Kind of Blue")["uri"]))
    step = {
        "action": "media_player.media_pause",
        "target": {"entity_id": BENS_PLAYER},
    }
    script = {"script": {"quiet": {"sequence": [step]}}}
    assert await async_setup_component(hass, "script", script)
    assert (await visitor.call("script.quiet"))["success"]
    assert not phone.player.is_playing


async def test_errors_are_of_the_kinds_that_home_assistant_knows(
    hass: HomeAssistant, house: House, appear: Appear
) -> None:
    """For callers within Home Assistant."""
    guest = await appear("guest")
    context = Context(user_id=guest.user.id)
    with pytest.raises(ServiceValidationError):
        await async_account_for(hass, context)
    house.settle(users={"somebody": house.ben.entry_id})
    with pytest.raises(Unauthorized):
        await async_account_for(hass, context, entry_id=house.ben.entry_id)
