"""Saving, removing and following, by actions."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
import pytest
import voluptuous as vol

from custom_components.spotify_hub.account import patience
from custom_components.spotify_hub.account.changes import EVENT_CHANGED
from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.const import DOMAIN
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.emulator.world import User

APPS = ["demo-client-id", "legacy-client-id"]
CHANGES = ["save_to_library", "remove_from_library", "follow", "unfollow"]
ACTIONS = [*CHANGES, "check_library"]
GONE = "spotify:track:" + "0" * 22

type Call = Callable[..., Coroutine[Any, Any, Any]]
type Uri = Callable[[str, str], str]


@pytest.fixture(autouse=True)
def _files(undo_folder: Path) -> None:
    """Keep playlists that leave in a folder of the test's own."""


@pytest.fixture
def call(hass: HomeAssistant) -> Call:
    """Call an action, and return its answer."""

    async def run(action: str, **data: Any) -> Any:
        return await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True
        )

    return run


@pytest.fixture
def uri(emulator: Emulator) -> Uri:
    """Find the URI of something in the catalogue: kind and name."""
    return lambda kind, name: str(find(emulator.world, kind, name)["uri"])


@pytest.fixture
def changed(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Hear what is put on record."""
    heard: list[dict[str, Any]] = []

    @callback
    def hear(event: Event[dict[str, Any]]) -> None:
        heard.append(event.data)

    hass.bus.async_listen(EVENT_CHANGED, hear)
    return heard


@pytest.fixture
def owner(emulator: Emulator) -> User:
    """Anna, as Spotify knows her."""
    return emulator.world.users["anna"]


@pytest.fixture
def noted(anna: AccountEntry, monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Hear what is told of liked items."""
    marks: dict[str, bool] = {}
    likes = type(anna.runtime_data.likes)
    monkeypatch.setattr(likes, "async_note", lambda _, news: marks.update(news))
    return marks


@pytest.fixture
def waits(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let waiting for room pass at once, for the ledger's clock too."""
    waited: list[float] = []
    real = hass.loop.time

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(patience, "pause", pause)
    monkeypatch.setattr(hass.loop, "time", lambda: real() + sum(waited))
    return waited


def sizes(emulator: Emulator, method: str) -> list[int]:
    """Return how many URIs each library request had."""
    calls = emulator.calls(method, "/v1/me/library")
    return [request.query["uris"].count(",") + 1 for request in calls]


def tracks_of(emulator: Emulator) -> list[str]:
    """Return all tracks of the catalogue."""
    return [uri for uri in emulator.world.catalogue if uri.startswith("spotify:track:")]


def many_tracks(emulator: Emulator, count: int) -> list[str]:
    """Let Spotify have so many more tracks, which nobody has saved."""
    catalogue = emulator.world.catalogue
    model = catalogue[tracks_of(emulator)[0]]
    ids = [f"{number:022}" for number in range(1, count + 1)]
    more = {
        f"spotify:track:{one}": {**model, "id": one, "uri": f"spotify:track:{one}"}
        for one in ids
    }
    catalogue.update(more)
    return list(more)


def refused(emulator: Emulator) -> list[int]:
    """Return what Spotify has refused."""
    return [request.status for request in emulator.requests if request.status >= 400]


async def play(emulator: Emulator, anna: AccountEntry, what: str | None) -> None:
    """Play something on the phone, or with None nothing, and let it be seen."""
    phone = emulator.phone("anna")
    if what is None:
        phone.sleep()
    else:
        phone.play(what)
    await anna.runtime_data.playback.async_refresh()
    emulator.forget_requests()


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", ACTIONS)
async def test_an_empty_list_names_nothing(
    emulator: Emulator, call: Call, action: str
) -> None:
    """It does not mean what plays."""
    emulator.forget_requests()
    for nothing in ([], ["", "  "]):
        with pytest.raises(ServiceValidationError, match="Nothing is named"):
            await call(action, items=nothing)
    assert not emulator.requests


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", ACTIONS)
async def test_more_than_ten_thousand_are_a_mistake(
    emulator: Emulator, call: Call, action: str
) -> None:
    """They would use up a day's quota."""
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError, match=r"10001 items are too many"):
        await call(action, items=[f"spotify:user:{at}" for at in range(10_001)])
    assert not emulator.requests


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("spotify:track:short", "spotify:track:short is not a Spotify link"),
        ("https://example.com/track/1", "is not a Spotify link"),
        ("spotify:local:Artist:Album:Demo:180", "can't be saved"),
        ("spotify:chapter:" + "1" * 22, "not of a kind that this takes"),
        ("spotify:user:anna:collection", "not of a kind that this takes"),
    ],
)
async def test_what_no_library_holds_is_named_and_nothing_changed(
    emulator: Emulator, call: Call, uri: Uri, action: str, item: str, message: str
) -> None:
    """However many good items stand beside it."""
    emulator.forget_requests()
    good = uri("artist", "Miles Davis")
    with pytest.raises(ServiceValidationError, match=message) as caught:
        await call(action, items=[good, item])
    assert item in str(caught.value)
    assert not emulator.requests


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", ["follow", "unfollow"])
@pytest.mark.parametrize("kind", ["track", "album", "episode"])
async def test_what_can_only_be_saved_can_not_be_followed(
    emulator: Emulator, call: Call, action: str, kind: str
) -> None:
    """The error tells what can."""
    item = next(one for one in emulator.world.catalogue if f":{kind}:" in one)
    with pytest.raises(ServiceValidationError, match="artist, playlist, show, user"):
        await call(action, items=[item])


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", ACTIONS)
async def test_an_unknown_account_is_refused(call: Call, action: str) -> None:
    """By Home Assistant's own words."""
    with pytest.raises(ServiceValidationError) as caught:
        await call(action, items=[GONE], **{ATTR_CONFIG_ENTRY_ID: "nobody"})
    assert caught.value.translation_key == "service_config_entry_not_found"


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", ACTIONS)
async def test_a_field_that_does_not_exist_is_refused(call: Call, action: str) -> None:
    """By the action's schema."""
    with pytest.raises(vol.Invalid):
        await call(action, uris=[GONE])


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_library_that_was_not_granted_opens_a_repair(
    hass: HomeAssistant, emulator: Emulator, link: Link, call: Call, action: str
) -> None:
    """Which leads to granting it."""
    await link(features=[Feature.CONTROL])
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError, match="has not granted its library"):
        await call(action, items=[GONE])
    assert not emulator.requests
    issues = ir.async_get(hass).issues
    assert any("scope_missing" in issue for _, issue in issues)


@pytest.mark.parametrize("action", ACTIONS)
async def test_playlists_need_a_feature_of_their_own(
    hass: HomeAssistant, emulator: Emulator, link: Link, call: Call, action: str
) -> None:
    """Everything else is done without it."""
    await link(features=[Feature.CONTROL, Feature.LIBRARY])
    playlist = next(iter(emulator.world.playlists))
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError, match="has not granted its playlists"):
        await call(action, items=[f"spotify:playlist:{playlist}"])
    assert not emulator.requests
    assert any("scope_missing" in issue for _, issue in ir.async_get(hass).issues)
    await call(action, items=["spotify:user:ben"])
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_an_item_that_spotify_no_longer_has_is_an_error(
    call: Call, changed: list[dict[str, Any]], noted: dict[str, bool]
) -> None:
    """Nothing is on record then; removing it finds that it is not there."""
    with pytest.raises(ServiceValidationError, match="does not know this item"):
        await call("save_to_library", items=[GONE])
    answer = await call("remove_from_library", items=[GONE])
    assert (answer["count"], answer["skipped"]) == (0, [GONE])
    assert not changed
    assert not noted


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "did not understand the request: 400 Bad request"),
        (404, "does not know this item"),
        (429, "too many requests"),
        (503, "Spotify has a fault"),
    ],
)
@pytest.mark.parametrize("action", ACTIONS)
async def test_what_spotify_refuses_is_told(
    emulator: Emulator, call: Call, action: str, status: int, message: str
) -> None:
    """In words that say what can be done."""
    emulator.faults.add(Fault("/v1/me/library", status=status, times=None))
    with pytest.raises(HomeAssistantError, match=message):
        await call(action, items=["spotify:user:ben"])


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("action", CHANGES)
async def test_a_failure_midway_tells_what_was_done(
    emulator: Emulator,
    call: Call,
    owner: User,
    changed: list[dict[str, Any]],
    noted: dict[str, bool],
    action: str,
) -> None:
    """And only that is on record."""
    kind = "artist" if "follow" in action else "track"
    known = [one for one in emulator.world.catalogue if f":{kind}:" in one]
    gone = action in {"remove_from_library", "unfollow"}
    if kind == "artist":
        owner.followed = list(known) if gone else []
    shelf = owner.followed if kind == "artist" else owner.saved["track"]
    wanted = [one for one in known if (one in shelf) is gone][:60]
    held = [
        Fault("/v1/me/library$", status=None, times=1),
        Fault("/v1/me/library$", status=404),
    ]
    for fault in held:
        emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError, match="Only 40 of 60 items were changed"):
        await call(action, items=wanted)
    shelf = owner.followed if kind == "artist" else owner.saved["track"]
    assert [one for one in wanted if (one in shelf) != gone] == wanted[:40]
    assert changed[0]["uris"] == wanted[:40]
    assert len(changed) == 1
    assert noted == ({} if kind == "artist" else dict.fromkeys(wanted[:40], not gone))


@pytest.mark.parametrize("app", APPS)
async def test_saving_a_hundred_takes_three_requests_and_three_looks(
    emulator: Emulator, link: Link, call: Call, app: str
) -> None:
    """What is there already is not sent, and answered as skipped."""
    await link(app=app)
    saved = emulator.world.users["anna"].saved["track"]
    new = [one for one in tracks_of(emulator) if one not in saved][:90]
    there = list(saved)[:10]
    since = {one: saved[one] for one in there}
    emulator.forget_requests()
    answer = await call("save_to_library", items=[*new[:20], *there, *new[20:]])
    assert answer == {"count": 90, "uris": new, "skipped": there, "checked": True}
    saved = emulator.world.users["anna"].saved["track"]
    assert set(new) <= set(saved)
    assert {one: saved[one] for one in there} == since
    assert sizes(emulator, "GET") == [40, 40, 20]
    assert sizes(emulator, "PUT") == [40, 40, 10]
    assert len(emulator.requests) == 6
    assert not refused(emulator)
    again = await call("save_to_library", items=new)
    assert again == {"count": 0, "uris": [], "skipped": new, "checked": True}
    assert len(sizes(emulator, "PUT")) == 3


@pytest.mark.parametrize("app", APPS)
async def test_removing_a_hundred_takes_three_requests_and_three_looks(
    emulator: Emulator, link: Link, call: Call, app: str
) -> None:
    """What is not there is not sent, and answered as skipped."""
    await link(app=app)
    saved = emulator.world.users["anna"].saved["track"]
    there = list(saved)[:90]
    new = [one for one in tracks_of(emulator) if one not in saved][:10]
    emulator.forget_requests()
    answer = await call("remove_from_library", items=[*new, *there])
    assert answer == {
        "dry_run": False,
        "count": 90,
        "uris": there,
        "skipped": new,
        "checked": True,
    }
    assert not set(there) & set(emulator.world.users["anna"].saved["track"])
    assert sizes(emulator, "GET") == [40, 40, 20]
    assert sizes(emulator, "DELETE") == [40, 40, 10]
    assert len(emulator.requests) == 6
    assert not refused(emulator)


@pytest.mark.parametrize("app", APPS)
async def test_of_fifteen_hundred_it_is_not_looked_what_is_there(
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    link: Link,
    call: Call,
    changed: list[dict[str, Any]],
    app: str,
) -> None:
    """They are sent, forty at a time, and the answer says so."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)
    await link(app=app)
    owner = emulator.world.users["anna"]
    wanted = many_tracks(emulator, 1500)
    forties = [40] * 37 + [20]
    sent = {"count": 1500, "uris": wanted, "skipped": [], "checked": False}
    emulator.forget_requests()
    assert await call("save_to_library", items=wanted) == sent
    assert set(wanted) <= set(owner.saved["track"])
    answer = await call("check_library", items=wanted)
    assert answer == {"items": dict.fromkeys(wanted, True), "all": True}
    answer = await call("remove_from_library", items=wanted)
    assert answer == {"dry_run": False, **sent}
    assert not set(wanted) & set(owner.saved["track"])
    answer = await call("remove_from_library", items=wanted, dry_run=True)
    assert (answer["count"], answer["skipped"], answer["checked"]) == (0, wanted, True)
    assert sizes(emulator, "PUT") == sizes(emulator, "DELETE") == forties
    assert sizes(emulator, "GET") == forties * 2
    assert [one["count"] for one in changed] == [1500, 1500]
    assert not refused(emulator)


@pytest.mark.parametrize(("many", "looks"), [(200, 5), (201, 0)])
@pytest.mark.usefixtures("anna")
async def test_two_hundred_are_looked_at_and_not_one_more(
    emulator: Emulator, call: Call, many: int, looks: int
) -> None:
    """For all actions that change alike."""
    wanted = tracks_of(emulator)[:many]
    emulator.forget_requests()
    answer = await call("save_to_library", items=wanted)
    assert answer["checked"] is bool(looks)
    assert len(emulator.calls("GET", "contains")) == looks


@pytest.mark.usefixtures("anna")
async def test_following_tells_what_was_followed_already(
    emulator: Emulator, call: Call, uri: Uri, changed: list[dict[str, Any]]
) -> None:
    """And so does unfollowing; only what changed is on record."""
    miles, minna = uri("artist", "Miles Davis"), uri("artist", "Minna Turist")
    await call("follow", items=[miles])
    await call("unfollow", items=[minna])
    changed.clear()
    answer = await call("follow", items=[miles, minna])
    assert answer == {
        "count": 1,
        "uris": [minna],
        "skipped": [miles],
        "checked": True,
    }
    await call("unfollow", items=[minna])
    answer = await call("unfollow", items=[miles, minna])
    assert (answer["uris"], answer["skipped"]) == ([miles], [minna])
    assert [one["uris"] for one in changed] == [[minna], [minna], [miles]]


@pytest.mark.parametrize("action", CHANGES)
async def test_a_single_change_fails_at_once_when_the_ledger_is_full(
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    link: Link,
    call: Call,
    waits: list[float],
    action: str,
) -> None:
    """With the time at which it will work."""
    monkeypatch.setattr(book, "FIRST_CEILING", 8)
    await link()

    async def repeat() -> None:
        for _ in range(9):
            await call(action, items=["spotify:user:ben"])

    with pytest.raises(HomeAssistantError, match="Try again after"):
        await repeat()
    assert not waits
    assert not refused(emulator)


@pytest.mark.parametrize("app", APPS)
async def test_checking_a_hundred_takes_three_requests(
    emulator: Emulator, link: Link, call: Call, app: str
) -> None:
    """Each URI has its mark."""
    await link(app=app)
    wanted = tracks_of(emulator)[:100]
    emulator.forget_requests()
    answer = await call("check_library", items=wanted)
    liked = emulator.world.users["anna"].saved["track"]
    assert answer == {"items": {one: one in liked for one in wanted}, "all": False}
    assert sizes(emulator, "GET") == [40, 40, 20]
    assert not refused(emulator)
    some = list(liked)[:2]
    assert (await call("check_library", items=some))["all"] is True


@pytest.mark.usefixtures("anna")
async def test_a_dry_run_removes_nothing(
    emulator: Emulator,
    call: Call,
    owner: User,
    changed: list[dict[str, Any]],
    noted: dict[str, bool],
) -> None:
    """It tells what is there and what is not."""
    wanted = tracks_of(emulator)[:50]
    before = dict(owner.saved["track"])
    there = [one for one in wanted if one in before]
    answer = await call("remove_from_library", items=wanted, dry_run=True)
    assert answer == {
        "dry_run": True,
        "count": 45,
        "uris": there,
        "skipped": [one for one in wanted if one not in before],
        "checked": True,
    }
    assert owner.saved["track"] == before
    assert not emulator.calls("DELETE")
    assert not changed
    assert not noted


@pytest.mark.parametrize("app", APPS)
async def test_every_kind_goes_into_the_library_and_out(
    emulator: Emulator,
    link: Link,
    call: Call,
    uri: Uri,
    owner: User,
    app: str,
    changed: list[dict[str, Any]],
) -> None:
    """In one request each way; what is followed and what is saved are two records."""
    await link(app=app)
    catalogue = emulator.world.catalogue
    new = {
        kind: next(one for one in reversed(catalogue) if catalogue[one]["type"] == kind)
        for kind in ("track", "album", "episode", "show", "audiobook", "artist")
    }
    playlist = next(
        mix.uri
        for mix in emulator.world.playlists.values()
        if mix.id not in owner.playlists and not mix.made_by_spotify
    )
    book = f"spotify:audiobook:{new.pop('audiobook').rpartition(':')[2]}"
    others = [new["show"], new["artist"], playlist, "spotify:user:carla"]
    saved = [new["track"], new["album"], new["episode"], book]
    wanted = saved + others
    owner.saved["audiobook"] = {}
    await call("remove_from_library", items=wanted)
    changed.clear()
    emulator.forget_requests()

    async def present() -> set[bool]:
        return set((await call("check_library", items=wanted))["items"].values())

    assert await present() == {False}
    assert (await call("save_to_library", items=wanted))["uris"] == wanted
    assert await present() == {True}
    assert owner.saved["audiobook"]
    assert playlist.rpartition(":")[2] in owner.playlists
    assert [(one["change"], one["uris"]) for one in changed] == [
        ("saved", saved),
        ("followed", others),
    ]
    await call("remove_from_library", items=wanted)
    assert await present() == {False}
    assert [one["change"] for one in changed[2:]] == ["removed", "unfollowed"]
    # Each change looks first, and the playlist's name is kept with it.
    assert len(emulator.requests) == 8
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
async def test_links_mean_what_they_point_at(
    emulator: Emulator, call: Call, owner: User
) -> None:
    """Each is saved once, however often and however it is named."""
    track = tracks_of(emulator)[-1]
    base62 = track.rpartition(":")[2]
    link = f"https://open.spotify.com/intl-de/track/{base62}?si=1"
    answer = await call("save_to_library", items=[link, track, f" {track} "])
    assert answer["uris"] == [track]
    assert next(iter(owner.saved["track"])) == track


async def test_a_change_is_on_record_with_whom_and_what(
    anna: AccountEntry,
    emulator: Emulator,
    call: Call,
    changed: list[dict[str, Any]],
    noted: dict[str, bool],
) -> None:
    """And whoever shows likes is told."""
    wanted = tracks_of(emulator)[-2:]
    await call("save_to_library", items=wanted)
    (record,) = changed
    assert record["config_entry_id"] == anna.entry_id
    assert (record["change"], record["door"]) == ("saved", "action")
    assert (record["count"], record["uris"]) == (2, wanted)
    assert noted == dict.fromkeys(wanted, True)
    await call("remove_from_library", items=wanted[:1])
    assert noted == {wanted[0]: False, wanted[1]: True}


async def test_without_items_what_plays_is_meant(
    emulator: Emulator, anna: AccountEntry, call: Call, uri: Uri, owner: User
) -> None:
    """Be it a track or an episode."""
    track = tracks_of(emulator)[-1]
    episode = [one for one in emulator.world.catalogue if ":episode:" in one][1]
    for item, shelf in ((track, "track"), (episode, "episode")):
        await play(emulator, anna, item)
        assert await call("check_library") == {"items": {item: False}, "all": False}
        assert (await call("save_to_library"))["uris"] == [item]
        assert item in owner.saved[shelf]
        assert (await call("remove_from_library", dry_run=True))["uris"] == [item]
        assert (await call("remove_from_library"))["uris"] == [item]
        assert item not in owner.saved[shelf]
    assert not refused(emulator)


async def test_without_items_the_artists_of_what_plays_are_meant(
    emulator: Emulator, anna: AccountEntry, call: Call, owner: User
) -> None:
    """All of them; of an episode its podcast."""
    catalogue = emulator.world.catalogue
    duet = next(
        one
        for one in reversed(tracks_of(emulator))
        if len(catalogue[one]["artists"]) > 1
    )
    await play(emulator, anna, duet)
    artists = [artist["uri"] for artist in catalogue[duet]["artists"]]
    await call("unfollow")
    assert not set(artists) & set(owner.followed)
    assert (await call("follow"))["uris"] == artists
    assert set(artists) <= set(owner.followed)
    episode = next(one for one in catalogue if ":episode:" in one)
    await play(emulator, anna, episode)
    show = catalogue[episode]["show"]["uri"]
    assert (await call("unfollow"))["uris"] == [show]
    assert show not in owner.saved["show"]
    assert (await call("follow"))["uris"] == [show]
    assert show in owner.saved["show"]
    assert not refused(emulator)


@pytest.mark.parametrize("action", ACTIONS)
async def test_while_nothing_plays_nothing_is_meant(
    emulator: Emulator, anna: AccountEntry, call: Call, action: str
) -> None:
    """The error says so."""
    await play(emulator, anna, None)
    with pytest.raises(ServiceValidationError, match="No track or episode is playing"):
        await call(action)
    phone = emulator.phone("anna")
    phone.play(tracks_of(emulator)[0])
    phone.play_ad()
    await anna.runtime_data.playback.async_refresh()
    with pytest.raises(ServiceValidationError, match="No track or episode is playing"):
        await call(action)


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_local_file_that_plays_is_refused_by_name(
    emulator: Emulator, anna: AccountEntry, call: Call, action: str
) -> None:
    """Spotify has neither it nor its artist."""
    phone = emulator.phone("anna")
    phone.play(tracks_of(emulator)[0])
    phone.play_local(
        {
            "type": "track",
            "uri": "spotify:local:Band:Tape:Demo:180",
            "id": None,
            "name": "Demo",
            "is_local": True,
            "duration_ms": 180_000,
            "artists": [{"name": "Band"}],
        }
    )
    await anna.runtime_data.playback.async_refresh()
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError, match="Demo"):
        await call(action)
    assert not emulator.requests


@pytest.mark.parametrize("action", [*CHANGES[:2], "check_library"])
async def test_a_chapter_that_plays_is_refused_by_name(
    emulator: Emulator, anna: AccountEntry, call: Call, action: str
) -> None:
    """It plays in the guise of an episode."""
    catalogue = emulator.world.catalogue
    chapter = next(one for one in catalogue.values() if one["type"] == "chapter")
    await play(emulator, anna, chapter["uri"])
    with pytest.raises(ServiceValidationError, match="can't keep this") as caught:
        await call(action)
    assert chapter["name"] in str(caught.value)
    assert not emulator.requests


async def test_without_premium_a_library_can_be_changed(
    emulator: Emulator, link: Link, call: Call
) -> None:
    """Premium is for playing only."""
    await link("free")
    wanted = tracks_of(emulator)[:1]
    await call("save_to_library", items=wanted)
    await call("follow", items=["spotify:user:ben"])
    free = emulator.world.users["free"]
    assert (list(free.saved["track"]), free.followed) == (wanted, ["spotify:user:ben"])
    assert (await call("get_library"))["total"] == 1


async def test_a_change_goes_to_the_account_that_is_named(
    emulator: Emulator, link: Link, call: Call
) -> None:
    """And to no other."""
    await link("anna")
    ben = await link("ben")
    wanted = tracks_of(emulator)[-1:]
    await call("save_to_library", items=wanted, **{ATTR_CONFIG_ENTRY_ID: ben.entry_id})
    users = emulator.world.users
    assert wanted[0] in users["ben"].saved["track"]
    assert wanted[0] not in users["anna"].saved["track"]


async def test_more_than_the_window_holds_waits_for_room(
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    link: Link,
    call: Call,
    waits: list[float],
) -> None:
    """A long change is no mistake, and leaves room for commands meanwhile."""
    monkeypatch.setattr(book, "FIRST_CEILING", 8)
    await link()
    tracks = tracks_of(emulator)[:300]
    emulator.forget_requests()
    answer = await call("save_to_library", items=tracks)
    assert answer["count"] == len(tracks)
    assert set(tracks) <= set(emulator.world.users["anna"].saved["track"])
    assert waits
    assert all(0 < wait <= 30 for wait in waits)


async def test_an_account_that_is_not_loaded_says_so(
    hass: HomeAssistant, anna: AccountEntry, call: Call
) -> None:
    """By Home Assistant's own words."""
    await hass.config_entries.async_unload(anna.entry_id)
    assert anna.state is ConfigEntryState.NOT_LOADED
    with pytest.raises(ServiceValidationError, match="not loaded"):
        await call("save_to_library", items=[GONE])


@pytest.mark.usefixtures("anna")
async def test_a_name_is_looked_up(
    emulator: Emulator, call: Call, uri: Uri, owner: User
) -> None:
    """What it means is answered; what means nothing changes nothing."""
    artist = uri("artist", "Minna Turist")
    assert (await call("follow", items=["Minna Turist"]))["uris"] == [artist]
    assert artist in owner.followed
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError, match="xyzzy"):
        await call("follow", items=[artist, "xyzzy plugh"])
    assert not emulator.calls("PUT")
