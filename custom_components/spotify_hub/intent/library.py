"""Intents that keep what plays: like, unlike, save its album, add it to a playlist."""

import voluptuous as vol

from ..account.library import savable
from ..api.models import Album, Playable, Track
from ..api.scopes import Feature
from ..failures import invalid
from .handler import TEXT, AccountIntent, Answer, Request, Whose
from .names import own_name
from .playing import told

SLOT_PLAYLIST = "playlist"


async def _playing(request: Request) -> Playable:
    """Return what plays now; what played at the last poll may be over."""
    await request.music.player.look()
    return request.music.items.playing()


async def _like(request: Request) -> Answer:
    item = await _playing(request)
    change = await request.account.library.save(
        request.caller, (savable(item),), check=True
    )
    return Answer("liked" if change.uris else "liked_already", told(item))


async def _unlike(request: Request) -> Answer:
    item = await _playing(request)
    change = await request.account.library.remove(
        request.caller, (savable(item),), check=True
    )
    return Answer("unliked" if change.uris else "not_liked", told(item))


async def _save_album(request: Request) -> Answer:
    album = _album(await _playing(request))
    change = await request.account.library.save(
        request.caller, (album.uri,), check=True
    )
    return Answer(
        "album_saved" if change.uris else "album_saved_already",
        {
            "album": album.name,
            "artists": tuple(artist.name for artist in album.artists),
        },
    )


def _album(item: Playable) -> Album:
    if not isinstance(item, Track) or item.album is None or not item.album.id:
        raise invalid("no_album", item=item.name)
    return item.album


async def _add_to_playlist(request: Request) -> Answer:
    item = await _playing(request)
    if not item.id:
        raise invalid("local_file", item=item.name)
    # "Workout" may be another's, and "Workout 2026" the listener's own.
    said = request.slots[SLOT_PLAYLIST]
    name = own_name(said, request.account.playlist_names.known) or said
    added = await request.account.playlists.add(
        request.caller, name, (item.uri,), skip_duplicates=True
    )
    key = "added" if added.added else "added_already"
    return Answer(key, {**told(item), "playlist": added.playlist.name})


INTENTS = (
    AccountIntent(
        name="Like",
        description="Likes the song that plays on Spotify",
        run=_like,
        whose=Whose.LISTENER,
        feature=Feature.LIBRARY,
    ),
    AccountIntent(
        name="Unlike",
        description="Removes the song that plays on Spotify from the liked songs",
        run=_unlike,
        whose=Whose.LISTENER,
        feature=Feature.LIBRARY,
    ),
    AccountIntent(
        name="SaveAlbum",
        description="Saves the album of the song that plays on Spotify",
        run=_save_album,
        whose=Whose.LISTENER,
        feature=Feature.LIBRARY,
    ),
    AccountIntent(
        name="AddToPlaylist",
        description="Adds the song that plays on Spotify to a playlist",
        slots={vol.Required(SLOT_PLAYLIST): TEXT},
        run=_add_to_playlist,
        whose=Whose.LISTENER,
        feature=Feature.PLAYLISTS,
    ),
)
