"""Spotify's player endpoints.

Source: https://developer.spotify.com/documentation/web-api/reference, Player.
Every method raises a subclass of SpotifyApiError. Commands need Premium and act
on the active device unless `device_id` names another; naming an idle device
wakes it. Positions are in milliseconds, volumes in percent.
"""

from typing import Any

from spotifyaio.models import RepeatMode

from . import parse, parse_player
from .endpoints import Endpoints
from .models import Device, Play, Playback, Queue, Repeat

# Without it, episodes come as null.
_WITH_EPISODES = {"additional_types": "track,episode"}


class PlayerEndpoints(Endpoints):
    """State and commands of what an account plays."""

    async def playback(self) -> Playback | None:
        """Return what is playing or paused; None when nothing is active.

        GET /me/player, scope user-read-playback-state.
        """
        body = await self._send("GET", "/v1/me/player", query=_WITH_EPISODES)
        return parse_player.playback(parse.json_object(body)) if body else None

    async def devices(self) -> tuple[Device, ...]:
        """Return the devices that Spotify sees now.

        GET /me/player/devices, scope user-read-playback-state.
        """
        return parse_player.devices(await self._get("/v1/me/player/devices"))

    async def queue(self) -> Queue:
        """Return what plays and what comes next (about 20 items, no paging).

        GET /me/player/queue, scopes user-read-currently-playing and
        user-read-playback-state.
        """
        return parse_player.queue(await self._get("/v1/me/player/queue"))

    async def recently_played(self, limit: int = 50) -> tuple[Play, ...]:
        """Return the latest plays of tracks, newest first; 50 is all Spotify has.

        GET /me/player/recently-played, scope user-read-recently-played.
        """
        path = "/v1/me/player/recently-played"
        data = await self._get(path, {"limit": str(limit)})
        return parse.page(data, parse_player.play).items

    async def play(
        self,
        *,
        device_id: str | None = None,
        context_uri: str | None = None,
        uris: tuple[str, ...] = (),
        offset_uri: str | None = None,
        offset_position: int | None = None,
        position_ms: int | None = None,
    ) -> None:
        """Start a context or items, or with neither resume what was paused.

        `offset_uri` or `offset_position` (from 0) choose where an album or
        playlist begins. PUT /me/player/play, scope user-modify-playback-state.
        """
        # Upstream sends position_ms 0 on a plain resume, null for none, and
        # drops an offset of 0.
        body: dict[str, Any] = {}
        if context_uri:
            body["context_uri"] = context_uri
        if uris:
            body["uris"] = list(uris)
        if offset_uri:
            body["offset"] = {"uri": offset_uri}
        elif offset_position is not None:
            body["offset"] = {"position": offset_position}
        if position_ms is not None:
            body["position_ms"] = position_ms
        await self._send(
            "PUT", "/v1/me/player/play", query=_on(device_id), body=body or None
        )

    async def transfer(self, device_id: str, *, play: bool | None = None) -> None:
        """Move playback to a device; `play` True starts it, else the state is kept.

        PUT /me/player, scope user-modify-playback-state.
        """
        # Upstream can't say `play`.
        body: dict[str, Any] = {"device_ids": [device_id]}
        if play is not None:
            body["play"] = play
        await self._send("PUT", "/v1/me/player", body=body)

    async def add_to_queue(self, uri: str, *, device_id: str | None = None) -> None:
        """Append one track or episode to the queue.

        POST /me/player/queue, scope user-modify-playback-state.
        """
        # Upstream sends a body, where Spotify reads only the query.
        query = {"uri": uri, **_on(device_id)}
        await self._send("POST", "/v1/me/player/queue", query=query)

    async def pause(self, *, device_id: str | None = None) -> None:
        """Pause. PUT /me/player/pause, scope user-modify-playback-state."""
        await self._upstream.pause_playback(device_id)

    async def next(self, *, device_id: str | None = None) -> None:
        """Skip to the next item. POST /me/player/next, scope user-modify-playback-state."""
        await self._upstream.next_track(device_id)

    async def previous(self, *, device_id: str | None = None) -> None:
        """Skip back. POST /me/player/previous, scope user-modify-playback-state."""
        await self._upstream.previous_track(device_id)

    async def seek(self, position_ms: int, *, device_id: str | None = None) -> None:
        """Go to a position, in milliseconds. PUT /me/player/seek, scope user-modify-playback-state."""
        await self._upstream.seek_track(max(0, position_ms), device_id)

    async def set_volume(self, percent: int, *, device_id: str | None = None) -> None:
        """Set the volume, 0 to 100 percent. PUT /me/player/volume, scope user-modify-playback-state."""
        await self._upstream.set_volume(min(100, max(0, percent)), device_id)

    async def set_shuffle(self, shuffle: bool, *, device_id: str | None = None) -> None:
        """Shuffle or not. PUT /me/player/shuffle, scope user-modify-playback-state."""
        await self._upstream.set_shuffle(state=shuffle, device_id=device_id)

    async def set_repeat(self, repeat: Repeat, *, device_id: str | None = None) -> None:
        """Repeat track, context or nothing. PUT /me/player/repeat, scope user-modify-playback-state."""
        await self._upstream.set_repeat(RepeatMode(repeat), device_id)


def _on(device_id: str | None) -> dict[str, str]:
    return {"device_id": device_id} if device_id else {}
