"""Checking that Home Assistant and Spotify agree after every action."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import time
from typing import Any

from .client import Client
from .emulator import Emulator
from .failure import DemonstrationError

_ALBUM = "A Night at the Opera"
_SECONDS_TO_AGREE = 10


@dataclass(frozen=True)
class Situation:
    """What plays, as either side tells it."""

    playing: bool
    uri: str | None
    context: str | None
    speaker: str | None
    volume: int | None

    @classmethod
    def of_spotify(cls, player: dict[str, Any]) -> Situation:
        """Read the emulator's player."""
        device = player["active"] or {}
        return cls(
            player["is_playing"],
            player["current_uri"],
            player["context_uri"],
            device.get("name"),
            device.get("volume_percent"),
        )

    @classmethod
    def of_home(cls, entity: dict[str, Any]) -> Situation:
        """Read Home Assistant's entity."""
        attributes = entity["attributes"]
        level = attributes.get("volume_level")
        return cls(
            entity["state"] == "playing",
            attributes.get("media_content_id"),
            attributes.get("context_uri"),
            attributes.get("source"),
            None if level is None else round(level * 100),
        )


@dataclass(frozen=True)
class Check:
    """Both sides of one linked account."""

    emulator: Emulator
    client: Client
    user: str
    player: str

    async def everything(self) -> None:
        """Go through every check; the first that fails raises."""
        before = await self._agree(
            "shows what the phone plays", lambda now: now.playing
        )
        await self._act("media_pause")
        await self._agree("pauses", lambda now: not now.playing)
        await self._act("media_play")
        await self._agree("plays on", lambda now: now.playing and now.uri == before.uri)
        await self._act("media_next_track")
        await self._agree("skips", lambda now: now.playing and now.uri != before.uri)
        await self._act("volume_set", volume_level=0.35)
        await self._agree("sets the volume", lambda now: now.volume == 35)
        await self._act("select_source", source="Living Room TV")
        await self._agree("moves", lambda now: now.speaker == "Living Room TV")
        album = await self._searches()
        await self._act(
            "play_media", media_content_type="album", media_content_id=album
        )
        await self._agree(
            "plays an album", lambda now: now.playing and now.context == album
        )
        await self._browses()

    async def _act(self, action: str, **data: Any) -> None:
        await self.client.act(f"media_player.{action}", self.player, **data)

    async def _agree(self, name: str, wanted: Callable[[Situation], bool]) -> Situation:
        """Wait until both sides tell the same, and it is what was wanted."""
        start = time.monotonic()
        while True:
            spotify = Situation.of_spotify(await self.emulator.state(self.user))
            home = Situation.of_home(await self.client.state(self.player))
            seconds = time.monotonic() - start
            if spotify == home and wanted(home):
                _passed(name, seconds)
                return home
            if seconds > _SECONDS_TO_AGREE:
                raise DemonstrationError(
                    f"{name}: not so after {_SECONDS_TO_AGREE} s\n"
                    f"  Home Assistant: {home}\n  Spotify:        {spotify}"
                )
            await asyncio.sleep(0.1)

    async def _searches(self) -> str:
        """Search through Home Assistant and return the URI of an album."""
        start = time.monotonic()
        answer = await self.client.answer(
            "media_player.search_media",
            self.player,
            search_query=_ALBUM,
            media_filter_classes=["album"],
        )
        found = {hit["title"]: hit["media_content_id"] for hit in answer["result"]}
        if _ALBUM not in found:
            raise DemonstrationError(f"searches: no {_ALBUM} among {list(found)}")
        _passed("searches", time.monotonic() - start)
        uri: str = found[_ALBUM]
        return uri

    async def _browses(self) -> None:
        """Open every folder of the media browser's first page."""
        start = time.monotonic()
        folders = [child for child in await self._children() if child["can_expand"]]
        for folder in folders:
            await self._children(
                folder["media_content_type"], folder["media_content_id"]
            )
        if not folders:
            raise DemonstrationError("browses: the first page has no folders")
        _passed(f"browses {len(folders)} folders", time.monotonic() - start)

    async def _children(
        self, kind: str | None = None, content_id: str | None = None
    ) -> list[dict[str, Any]]:
        place = (
            {}
            if kind is None
            else {"media_content_type": kind, "media_content_id": content_id}
        )
        answer = await self.client.answer(
            "media_player.browse_media", self.player, **place
        )
        children: list[dict[str, Any]] = answer["children"]
        return children


def _passed(name: str, seconds: float) -> None:
    print(f"demo: ok, {name} ({seconds:.1f} s)", flush=True)
