"""How everything looks in the media browser: classes, types and titles."""

from dataclasses import dataclass

from homeassistant.components.media_player import BrowseMedia, MediaClass, MediaType

from ..account.hits import Hit
from ..account.listings import FOLDER, Part, Section
from ..account.pins import is_hidden
from ..api.models import Playlist
from ..api.uri import SpotifyUri, UriType, parse_uri
from ..const import DOMAIN
from ..pins import Pin, Pins
from .places import LIKED_SONGS, PINS, Place

# Home Assistant has no translations for a media tree.
_ROOT_TITLE = "Spotify"
_LIKED_SONGS_TITLE = "Liked Songs"
_PINS_TITLE = "Pins"


@dataclass(frozen=True, slots=True)
class _Kind:
    media_class: MediaClass
    content_type: MediaType
    inside: MediaClass | None = None


_KINDS: dict[UriType, _Kind] = {
    UriType.ALBUM: _Kind(MediaClass.ALBUM, MediaType.ALBUM, MediaClass.TRACK),
    UriType.ARTIST: _Kind(MediaClass.ARTIST, MediaType.ARTIST, MediaClass.ALBUM),
    # Home Assistant knows no audiobooks; Spotify's player takes them for podcasts.
    UriType.AUDIOBOOK: _Kind(MediaClass.PODCAST, MediaType.PODCAST, MediaClass.EPISODE),
    UriType.CHAPTER: _Kind(MediaClass.EPISODE, MediaType.EPISODE),
    UriType.COLLECTION: _Kind(
        MediaClass.PLAYLIST, MediaType.PLAYLIST, MediaClass.TRACK
    ),
    UriType.EPISODE: _Kind(MediaClass.EPISODE, MediaType.EPISODE),
    UriType.PLAYLIST: _Kind(MediaClass.PLAYLIST, MediaType.PLAYLIST, MediaClass.TRACK),
    UriType.SHOW: _Kind(MediaClass.PODCAST, MediaType.PODCAST, MediaClass.EPISODE),
    UriType.TRACK: _Kind(MediaClass.TRACK, MediaType.TRACK),
}
_SECTIONS: dict[Section, tuple[str, MediaClass]] = {
    Section.PLAYLISTS: ("Playlists", MediaClass.PLAYLIST),
    Section.ALBUMS: ("Albums", MediaClass.ALBUM),
    Section.ARTISTS: ("Artists", MediaClass.ARTIST),
    Section.PODCASTS: ("Podcasts", MediaClass.PODCAST),
    Section.EPISODES: ("Episodes", MediaClass.EPISODE),
    Section.AUDIOBOOKS: ("Audiobooks", MediaClass.PODCAST),
    Section.RECENT: ("Recently played", MediaClass.TRACK),
    Section.TOP_TRACKS: ("Top tracks", MediaClass.TRACK),
    Section.TOP_ARTISTS: ("Top artists", MediaClass.ARTIST),
}
_SEARCHABLE = [
    MediaClass.TRACK,
    MediaClass.ALBUM,
    MediaClass.ARTIST,
    MediaClass.PLAYLIST,
    MediaClass.PODCAST,
    MediaClass.EPISODE,
]


def root_node(children: list[BrowseMedia]) -> BrowseMedia:
    """Return the node everything begins at."""
    return BrowseMedia(
        media_class=MediaClass.DIRECTORY,
        media_content_id="",
        media_content_type=DOMAIN,
        title=_ROOT_TITLE,
        can_play=False,
        can_expand=True,
        children=children,
        children_media_class=MediaClass.DIRECTORY,
        can_search=True,
        search_media_classes=_SEARCHABLE,
    )


def section_node(section: Section) -> BrowseMedia:
    """Return a folder of the root."""
    title, inside = _SECTIONS[section]
    return _folder(Place(section), title, inside)


def pins_node(pins: Pins, user_id: str) -> BrowseMedia:
    """Return the folder of what is pinned, for the account of `user_id`."""
    return BrowseMedia(
        media_class=MediaClass.DIRECTORY,
        media_content_id=PINS,
        media_content_type=DOMAIN,
        title=_PINS_TITLE,
        can_play=False,
        can_expand=True,
        children=[_pin_node(pin, user_id) for pin in pins],
        children_media_class=MediaClass.PLAYLIST,
    )


def _pin_node(pin: Pin, user_id: str) -> BrowseMedia:
    """Return the node of a pin, made from the pin alone."""
    uri = parse_uri(pin.uri)
    kind = _KINDS[uri.type]
    expandable = kind.inside is not None and not is_hidden(uri, user_id)
    return BrowseMedia(
        media_class=kind.media_class,
        media_content_id=pin.uri,
        media_content_type=kind.content_type,
        title=pin.name,
        can_play=True,
        can_expand=expandable,
        children_media_class=kind.inside,
        thumbnail=pin.image,
        can_search=expandable,
    )


def liked_songs_node() -> BrowseMedia:
    """Return Liked Songs, which can be played as well."""
    kind = _KINDS[UriType.COLLECTION]
    return BrowseMedia(
        media_class=kind.media_class,
        media_content_id=str(LIKED_SONGS),
        media_content_type=kind.content_type,
        title=_LIKED_SONGS_TITLE,
        can_play=True,
        can_expand=True,
        children_media_class=kind.inside,
        can_search=True,
    )


def node(hit: Hit, *, can_expand: bool | None = None) -> BrowseMedia:
    """Return the node of a thing."""
    kind = _KINDS[hit.kind]
    expandable = _can_expand(hit) if can_expand is None else can_expand
    return BrowseMedia(
        media_class=kind.media_class,
        media_content_id=hit.uri,
        media_content_type=kind.content_type,
        title=hit.name,
        can_play=True,
        can_expand=expandable,
        children_media_class=kind.inside,
        thumbnail=hit.image,
        can_search=expandable,
    )


def part_node(place: Place, total: int) -> BrowseMedia:
    """Return the folder of a part of a long list."""
    start = place.offset or 0
    last = max(start + 1, min(start + FOLDER, total))
    title = f"{start + 1}\N{EN DASH}{last}"
    return _folder(place, title, _inside(place.subject))


def fill(filled: BrowseMedia, place: Place, part: Part) -> BrowseMedia:
    """Put what there is of a list into its node; a long one is divided into folders."""
    if place.offset is None and part.total > FOLDER:
        filled.children_media_class = MediaClass.DIRECTORY
        filled.children = [
            part_node(Place(place.subject, offset), part.total)
            for offset in range(0, part.total, FOLDER)
        ]
    else:
        filled.children = [node(hit) for hit in part.hits]
        # What stands in other folders is not hidden: the frontend would say so.
        entries = min(FOLDER, part.total - (place.offset or 0))
        filled.not_shown = max(0, entries - len(part.hits))
    return filled


def _folder(place: Place, title: str, inside: MediaClass | None) -> BrowseMedia:
    return BrowseMedia(
        media_class=MediaClass.DIRECTORY,
        media_content_id=str(place),
        media_content_type=DOMAIN,
        title=title,
        can_play=False,
        can_expand=True,
        children_media_class=inside,
        can_search=True,
    )


def _inside(subject: Section | SpotifyUri) -> MediaClass | None:
    if isinstance(subject, Section):
        return _SECTIONS[subject][1]
    return _KINDS[subject.type].inside


def _can_expand(hit: Hit) -> bool:
    """Tell whether Spotify shows what is inside; not of other people's playlists."""
    if isinstance(hit.item, Playlist):
        return hit.item.total is not None
    return _KINDS[hit.kind].inside is not None
