"""What an account sees pinned, and pinning more. Nothing is ever asked of Spotify for it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from urllib.parse import urlsplit

from homeassistant.core import callback

from ..api.models import Album, Episode, Playback, PlayingItem, Show, Track
from ..api.uri import InvalidUriError, SpotifyUri, UriType, parse_uri
from ..failures import invalid
from ..household import Household
from ..pins import Pin, Pins, pins_for, with_pin, without_pin
from .hits import hit_of

# Everything but people.
PINNABLE = frozenset(UriType) - {UriType.USER}
# What the ids of playlists that Spotify makes begin with.
MADE_BY_SPOTIFY = "37i9dQZF1"
_LOCAL = "/local/"


class PinOperations:
    """The pins of one account, and the household's.

    Pins may be made for the household by whoever may use an account.
    """

    def __init__(self, household: Household, entry_id: str) -> None:
        """See what is pinned for an account."""
        self._household = household
        self._entry_id = entry_id

    @property
    def all(self) -> Pins:
        """Return the account's own pins, then the household's."""
        return pins_for(self._household.pins, self._entry_id)

    @callback
    def find(self, text: str) -> Pin | None:
        """Return what is pinned under a name or an alias, whatever its case."""
        wanted = _folded(text)
        return next(
            (pin for pin in self.all if wanted in map(_folded, pin.names)), None
        )

    @callback
    def pin(
        self,
        uri: SpotifyUri,
        *,
        name: str | None = None,
        image: str | None = None,
        aliases: Iterable[str] | None = None,
        household: bool = False,
    ) -> Pin:
        """Pin something, or change its pin: what is not given stays as it was.

        Raises:
            ServiceValidationError: there is no name, or it means something else
                already; the image is no address; the thing can't be pinned.
        """
        if image is not None:
            image = _address(image)
        return self._keep(uri, name, image, aliases, household=household)

    @callback
    def pin_playing(
        self,
        playback: Playback | None,
        name_of: Callable[[str], str | None],
        *,
        name: str | None = None,
        image: str | None = None,
        aliases: Iterable[str] | None = None,
        household: bool = False,
    ) -> Pin:
        """Pin what something plays from; the item itself where it plays by itself.

        `name_of` tells the name of a playlist by its URI, as far as it is known.

        Raises:
            ServiceValidationError: nothing plays that could be pinned; and as for `pin`.
        """
        if playback is None or (playback.item is None and playback.context is None):
            raise invalid("nothing_playing")
        context = playback.context
        uri = _pinnable(context.uri if context else None)
        known = name_of(context.uri) if context and uri else None
        uri = uri or _pinnable(playback.item.uri if playback.item else None)
        if uri is None:
            raise invalid("nothing_to_pin")
        former = self._former(uri, household=household)
        if name is None and former is None:
            name = self._free(uri, known or _name_for(uri, playback.item))
        if image is not None:
            image = _address(image)
        elif former is None or former.image is None:
            image = _cover(playback.item)
        return self._keep(uri, name, image, aliases, household=household)

    @callback
    def unpin(self, text: str, *, household: bool = False) -> Pin:
        """Take away the pin of a URI, a link, a name or an alias, and return it.

        Raises:
            ServiceValidationError: the account, or the household, has no such pin.
        """
        pins = self._pins_of(household=household)
        try:
            uri = str(parse_uri(text))
        except InvalidUriError:
            uri = ""
        wanted = _folded(text)
        for pin in pins:
            if pin.uri == uri or wanted in map(_folded, pin.names):
                self._household.async_set_pins(without_pin(self._household.pins, pin))
                return pin
        raise invalid(
            "pin_not_found",
            item=_plain(text) or "-",
            known=", ".join(pin.name for pin in pins) or "-",
        )

    def _keep(
        self,
        uri: SpotifyUri,
        name: str | None,
        image: str | None,
        aliases: Iterable[str] | None,
        *,
        household: bool,
    ) -> Pin:
        if uri.type not in PINNABLE:
            raise invalid("wrong_kind", uri=str(uri), kinds=", ".join(sorted(PINNABLE)))
        former = self._former(uri, household=household)
        if name is None and former:
            name = former.name
        if not (name := _plain(name or "")):
            raise invalid("pin_without_name", uri=str(uri))
        if aliases is None:
            aliases = former.aliases if former else ()
        pin = Pin(
            uri=str(uri),
            name=name,
            image=image or (former.image if former else None),
            aliases=tuple(_others(name, aliases)),
            entry_id=self._scope(household=household),
        )
        for one in pin.names:
            if (other := self._other(uri, one)) is not None:
                raise invalid(
                    "pin_name_taken", name=one, other=f"{other.name} ({other.uri})"
                )
        self._household.async_set_pins(with_pin(self._household.pins, pin))
        return pin

    def _scope(self, *, household: bool) -> str | None:
        return None if household else self._entry_id

    def _pins_of(self, *, household: bool) -> list[Pin]:
        scope = self._scope(household=household)
        return [pin for pin in self._household.pins if pin.entry_id == scope]

    def _former(self, uri: SpotifyUri, *, household: bool) -> Pin | None:
        mine = self._pins_of(household=household)
        return next((pin for pin in mine if pin.uri == str(uri)), None)

    def _other(self, uri: SpotifyUri, name: str) -> Pin | None:
        """Return the other thing that a name means already, in this account's eyes."""
        wanted = _folded(name)
        return next(
            (
                pin
                for pin in self.all
                if pin.uri != str(uri) and wanted in map(_folded, pin.names)
            ),
            None,
        )

    def _free(self, uri: SpotifyUri, name: str) -> str:
        """Return a name that nobody chose, numbered if it means something else already."""
        numbered = (name if n == 1 else f"{name} {n}" for n in count(1))
        return next(one for one in numbered if self._other(uri, one) is None)


def is_hidden(uri: SpotifyUri, user_id: str) -> bool:
    """Tell whether Spotify hides from the account of `user_id` what is inside."""
    match uri:
        case SpotifyUri(UriType.PLAYLIST, identifier):
            return identifier.startswith(MADE_BY_SPOTIFY)
        case SpotifyUri(UriType.COLLECTION, owner):
            return owner not in {"", user_id}
    return False


def _pinnable(text: str | None) -> SpotifyUri | None:
    """Return the URI of what plays; None for local files, adverts and the like."""
    try:
        uri = parse_uri(text or "")
    except InvalidUriError:
        return None
    return uri if uri.type in PINNABLE else None


def _name_for(uri: SpotifyUri, item: PlayingItem | None) -> str:
    """Return a sensible name of something that plays, as far as the item tells."""
    match uri.type, item:
        case UriType.COLLECTION, _:
            return "Liked Songs"
        case UriType.ALBUM, Track(album=Album(name=name)) if name:
            return name
        case UriType.ARTIST, Track(artists=artists) if artists:
            same = (artist.name for artist in artists if artist.uri == str(uri))
            return next(same, artists[0].name)
        case UriType.SHOW | UriType.AUDIOBOOK, Episode(show=Show(name=name)) if name:
            return name
    title = item.name if item and item.name else ""
    if not uri.is_context:
        return title or uri.type.capitalize()
    kind = uri.type.capitalize()
    return f"{kind} with {title}" if title else kind


def _cover(item: PlayingItem | None) -> str | None:
    return hit_of(item).image if isinstance(item, Track | Episode) else None


def _address(image: str) -> str:
    """Return the address of an image, if Home Assistant's pages can show it."""
    text = image.strip()
    try:
        link = urlsplit(text)
        on_the_web = link.scheme == "https" and bool(link.hostname)
    except ValueError:
        on_the_web = False
    in_the_house = text.startswith(_LOCAL) and ".." not in text and text != _LOCAL
    if not (on_the_web or in_the_house) or not text.isprintable() or " " in text:
        raise invalid("pin_image_unusable", image=text or "-")
    return text


def _others(name: str, aliases: Iterable[str]) -> Iterator[str]:
    """Go through the aliases that say more than the name, each once."""
    said = {_folded(name)}
    for alias in map(_plain, aliases):
        if alias and _folded(alias) not in said:
            said.add(_folded(alias))
            yield alias


def _plain(text: str) -> str:
    return " ".join(text.split())


def _folded(text: str) -> str:
    return _plain(text).casefold()
