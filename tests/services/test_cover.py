"""Giving a playlist a cover, by action."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any, override

from homeassistant.components.camera import Camera
from homeassistant.components.image import ImageEntity
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_component import EntityComponent
from homeassistant.setup import async_setup_component
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.services import cover
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import playlist_named

from .conftest import Call, refused

ACTION = "set_playlist_cover"
PLAYLIST = "Dinner Jazz"


def picture(kind: str = "PNG") -> bytes:
    """Return the file of a red square."""
    file = BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, kind)
    return file.getvalue()


class Eye(Camera):
    """A camera that sees a red square, or nothing."""

    entity_id = "camera.garden"
    sees: bytes | None = None

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return what it sees."""
        return self.sees


class Frame(ImageEntity):
    """A picture on the wall, or an empty frame."""

    entity_id = "image.wall"
    shows: bytes | None = None

    @override
    async def async_image(self) -> bytes | None:
        """Return what it shows."""
        return self.shows


@pytest.fixture
def album(hass: HomeAssistant, tmp_path: Path) -> Path:
    """Make a folder that Home Assistant may read, with a picture in it."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "red.png").write_bytes(picture())
    hass.config.allowlist_external_dirs = {str(folder)}
    return folder


async def add(hass: HomeAssistant, entity: Entity) -> None:
    """Bring a camera or an image into the house."""
    domain = entity.entity_id.partition(".")[0]
    assert await async_setup_component(hass, domain, {})
    component: EntityComponent[Any] = hass.data[domain]
    await component.async_add_entities([entity])


def cover_of(emulator: Emulator, name: str = PLAYLIST) -> bytes | None:
    """Return the picture that Spotify was last sent for a playlist."""
    identifier = playlist_named(emulator.world, name).id
    sent = emulator.calls("PUT", f"/playlists/{identifier}/images$")
    return b64decode(sent[-1].body) if sent else None


@pytest.mark.parametrize("app", ["demo-client-id", "legacy-client-id"])
async def test_a_file_becomes_the_cover(
    link: Link, call: Call, album: Path, emulator: Emulator, app: str
) -> None:
    """As a JPEG, of a playlist that is named; the answer says which one."""
    await link(app=app)
    answer = await call(ACTION, playlist="dinner jazz", path=str(album / "red.png"))
    jpeg = cover_of(emulator)
    assert jpeg is not None
    assert jpeg.startswith(b"\xff\xd8")
    assert answer == {
        "playlist": PLAYLIST,
        "uri": playlist_named(emulator.world, PLAYLIST).uri,
        "size": len(jpeg),
    }
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("kind", ["camera", "image"])
async def test_what_an_entity_shows_becomes_the_cover(
    hass: HomeAssistant, call: Call, emulator: Emulator, kind: str
) -> None:
    """A camera's view, a picture on the wall."""
    eye, frame = Eye(), Frame(hass)
    eye.sees, frame.shows = picture("JPEG"), picture()
    entity: Entity = {"camera": eye, "image": frame}[kind]
    await add(hass, entity)
    await call(ACTION, playlist=PLAYLIST, entity=entity.entity_id)
    assert cover_of(emulator) is not None
    assert not refused(emulator)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("kind", ["camera", "image"])
async def test_an_entity_without_a_picture_is_told(
    hass: HomeAssistant, call: Call, emulator: Emulator, kind: str
) -> None:
    """Dark, or unavailable."""
    entity: Entity = {"camera": Eye(), "image": Frame(hass)}[kind]
    await add(hass, entity)
    emulator.forget_requests()
    for state in (None, "unavailable"):
        if state:
            hass.states.async_set(entity.entity_id, state)
        with pytest.raises(ServiceValidationError) as raised:
            await call(ACTION, playlist=PLAYLIST, entity=entity.entity_id)
        assert raised.value.translation_key == "cover_entity_unavailable"
    assert not emulator.calls(path="/playlists")


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("entity", ["camera.nowhere", "image.nowhere"])
async def test_an_unknown_entity_is_told(
    hass: HomeAssistant, call: Call, emulator: Emulator, entity: str
) -> None:
    """Also one that only looks like a camera or image, without any such platform."""
    for state in (None, "idle"):
        if state:
            hass.states.async_set(entity, state)
        with pytest.raises(ServiceValidationError) as raised:
            await call(ACTION, playlist=PLAYLIST, entity=entity)
        assert raised.value.translation_key == "cover_entity_unknown"
    assert cover_of(emulator) is None


@pytest.mark.usefixtures("anna")
async def test_nobody_publishes_what_they_may_not_see(
    hass: HomeAssistant, hass_read_only_user: MockUser, emulator: Emulator
) -> None:
    """A camera that Home Assistant does not show to this person."""
    eye = Eye()
    eye.sees = picture()
    await add(hass, eye)
    hass_read_only_user.mock_policy({})
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            ACTION,
            {"playlist": PLAYLIST, "entity": eye.entity_id},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert cover_of(emulator) is None


@pytest.mark.usefixtures("anna")
async def test_files_are_read_where_home_assistant_may_only(
    call: Call, album: Path, tmp_path: Path, emulator: Emulator
) -> None:
    """Nor by way of a link, or of the folder above."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture())
    (album / "link.png").symlink_to(secret)
    for path in (
        str(secret),
        str(album / "link.png"),
        str(album / ".." / "secret.png"),
        "/etc/passwd",
        "secret.png",
        "\0",
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await call(ACTION, playlist=PLAYLIST, path=path)
        assert raised.value.translation_key in {
            "path_not_allowed",
            "cover_file_missing",
        }
    assert cover_of(emulator) is None


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("gone.png", None, "cover_file_missing"),
        (".", None, "cover_file_missing"),
        ("note.txt", b"Dear diary", "cover_not_readable"),
        ("half.png", picture()[:60], "cover_not_readable"),
        ("huge.png", b"\0" * 101, "cover_file_too_large"),
    ],
)
async def test_files_that_are_no_pictures_are_told(
    call: Call,
    album: Path,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes | None,
    key: str,
) -> None:
    """Before anything is sent."""
    monkeypatch.setattr(cover, "LARGEST_FILE", 100)
    if content is not None:
        (album / name).write_bytes(content)
    with pytest.raises(ServiceValidationError) as raised:
        await call(ACTION, playlist=PLAYLIST, path=str(album / name))
    assert raised.value.translation_key == key
    assert not emulator.calls(path="/playlists")


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "data",
    [{}, {"path": ""}, {"path": "/a.png", "entity": "camera.garden"}],
    ids=["none", "empty", "both"],
)
async def test_it_is_either_a_file_or_an_entity(
    call: Call, data: dict[str, str]
) -> None:
    """Exactly one of them."""
    with pytest.raises(ServiceValidationError) as raised:
        await call(ACTION, playlist=PLAYLIST, **data)
    assert raised.value.translation_key == "path_or_entity"


@pytest.mark.usefixtures("anna")
async def test_other_entities_show_no_pictures(call: Call) -> None:
    """By the schema."""
    with pytest.raises(vol.Invalid):
        await call(ACTION, playlist=PLAYLIST, entity="light.kitchen")


async def test_playlists_must_be_granted(
    link: Link, call: Call, album: Path, emulator: Emulator
) -> None:
    """The error says which account lacks what."""
    await link(features=[Feature.CONTROL])
    with pytest.raises(ServiceValidationError) as raised:
        await call(ACTION, playlist=PLAYLIST, path=str(album / "red.png"))
    assert raised.value.translation_key == "playlists_not_granted"
    assert cover_of(emulator) is None


@pytest.mark.usefixtures("anna")
async def test_somebody_elses_playlist_keeps_its_cover(
    call: Call, album: Path, emulator: Emulator
) -> None:
    """Ben's."""
    nineties = playlist_named(emulator.world, "Ben's Nineties")
    before = nineties.images
    with pytest.raises(HomeAssistantError):
        await call(ACTION, playlist=nineties.uri, path=str(album / "red.png"))
    assert nineties.images == before


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault("/images$", status=429, retry_after=600), "rate_limited"),
        (Fault("/images$", status=503, times=None), "server_fault"),
    ],
)
async def test_what_spotify_refuses_is_told(
    anna: AccountEntry,
    call: Call,
    album: Path,
    emulator: Emulator,
    fault: Fault,
    key: str,
) -> None:
    """The cover stays what it was."""
    before = playlist_named(emulator.world, PLAYLIST).images
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError) as raised:
        await call(ACTION, playlist=PLAYLIST, path=str(album / "red.png"))
    assert raised.value.translation_key == key
    assert playlist_named(emulator.world, PLAYLIST).images == before
