"""What the emulated Spotify knows: apps, users, and one clock for all of them."""

from dataclasses import dataclass, field
from enum import StrEnum
import time
from typing import Any

type Json = dict[str, Any]


class Regime(StrEnum):
    """Which of Spotify's two sets of routes and fields an app is served."""

    LEGACY = "legacy"
    """Client ids made before 2026-02-11: old and new routes, full objects."""

    REDUCED = "reduced"
    """Client ids made since: removed routes answer 403, objects have fewer fields."""


class Clock:
    """Real time plus what the tests have moved it by."""

    # Bound here: a test that freezes Python's clock must not stop this one.
    _monotonic = staticmethod(time.perf_counter)

    def __init__(self) -> None:
        """Start at the present."""
        self._moved = 0.0
        self._started = time.time()
        self._zero = self._monotonic()

    def now(self) -> float:
        """Return seconds since the epoch."""
        return self._started + (self._monotonic() - self._zero) + self._moved

    def now_ms(self) -> int:
        """Return milliseconds since the epoch."""
        return round(self.now() * 1000)

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._moved += seconds


@dataclass
class App:
    """A client id of Spotify's developer dashboard."""

    client_id: str
    client_secret: str
    owner: str
    """The developer account: quota is counted by it."""

    regime: Regime = Regime.REDUCED
    owner_has_premium: bool = True
    allowed_users: set[str] | None = None
    """Users on the allow list; None allows everybody."""

    redirect_uris: set[str] | None = None
    """Registered redirect URIs; None accepts https and loopback literals."""

    rotates_refresh_tokens: bool = False
    token_lifetime: int = 3600
    serves_account_id: bool = True
    """Whether GET /me answers `account_id`, as it does since May 2026."""


@dataclass
class Device:
    """A Spotify Connect device of one user, in Spotify's own terms."""

    id: str | None
    name: str
    type: str = "Speaker"
    volume_percent: int | None = 50
    supports_volume: bool = True
    is_restricted: bool = False
    is_private_session: bool = False


@dataclass
class Player:
    """What one user's account is playing; positions move with the clock."""

    devices: list[Device] = field(default_factory=list)
    active: Device | None = None
    context_uri: str | None = None
    context_uris: list[str] = field(default_factory=list)
    """Everything the context plays, in its own order."""

    order: list[int] = field(default_factory=list)
    """Indexes into context_uris in the order of play (shuffled or not)."""

    index: int = -1
    """Where in `order` the player stands; -1 before anything was played."""

    current_uri: str | None = None
    queue: list[str] = field(default_factory=list)
    is_playing: bool = False
    position_ms: int = 0
    """Position at `since_ms`."""

    since_ms: int = 0
    changed_ms: int = 0
    """Spotify's `timestamp`: when the state last changed."""

    shuffle: bool = False
    smart_shuffle: bool = False
    repeat: str = "off"
    disallows: dict[str, bool] = field(default_factory=dict)
    """Extra entries that a test puts under actions.disallows; they are enforced."""

    from_queue: bool = False
    """Whether the current item came from the queue and not from the context."""

    heard_ms: int = 0
    """How much of the current item was heard up to `since_ms`; seeking adds nothing."""

    foreign: Json | None = None
    """What plays when it is nothing of the catalogue, such as a local file."""

    foreign_type: str | None = None
    """Its currently_playing_type ("ad", "unknown", …); None for catalogue items."""


@dataclass
class Play:
    """One row of the recently-played list."""

    uri: str
    played_at_ms: int
    context_uri: str | None


@dataclass
class User:
    """A Spotify account with its library; newest entries stand first."""

    id: str
    account_id: str
    """Spotify's immutable id; empty for an account that is answered without one."""

    display_name: str | None
    email: str
    product: str = "premium"
    country: str = "US"
    player: Player = field(default_factory=Player)
    saved: dict[str, dict[str, str]] = field(default_factory=dict)
    """Kind (track, album, episode, show, audiobook) → uri → added_at (ISO, Z)."""

    followed: list[str] = field(default_factory=list)
    """URIs of artists and users."""

    playlists: list[str] = field(default_factory=list)
    """Ids of owned and followed playlists, in the user's order."""

    top: dict[str, list[str]] = field(default_factory=dict)
    """"artists/short_term", "tracks/long_term" … → URIs, best first."""

    recent: list[Play] = field(default_factory=list)


@dataclass
class PlaylistEntry:
    """One entry of a playlist; uri None is what Spotify answers as `item: null`."""

    uri: str | None
    added_at: str | None
    added_by: str | None
    local: Json | None = None
    """The whole item object of a local file."""


@dataclass
class Playlist:
    """A playlist; one that Spotify made answers 404 to everybody."""

    id: str
    name: str
    owner: str
    description: str = ""
    public: bool | None = True
    collaborative: bool = False
    images: list[Json] | None = field(default_factory=list)
    entries: list[PlaylistEntry] = field(default_factory=list)
    snapshot: int = 1
    made_by_spotify: bool = False

    @property
    def uri(self) -> str:
        """Return the Spotify URI."""
        return f"spotify:playlist:{self.id}"


@dataclass
class Token:
    """An access or refresh token and what it may do."""

    value: str
    app: App
    user: User
    scopes: frozenset[str]
    expires: float | None
    authorized: float
    """When the user consented; refresh tokens die six months later."""

    by_pkce: bool = False
    """Whether it was obtained without needing the client secret."""

    revoked: bool = False


@dataclass
class Code:
    """An authorization code on its way from the consent page to the token endpoint."""

    value: str
    app: App
    user: User
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str | None
    issued: float


@dataclass
class World:
    """Everything the emulator holds."""

    clock: Clock = field(default_factory=Clock)
    apps: dict[str, App] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    catalogue: dict[str, Json] = field(default_factory=dict)
    """URI → full legacy object of tracks, albums, artists, shows, episodes,
    audiobooks and chapters, as `data.py` makes them."""

    relinked: dict[str, str] = field(default_factory=dict)
    """Track → the version of it that is served to who asks for a market."""

    playlists: dict[str, Playlist] = field(default_factory=dict)
    access_tokens: dict[str, Token] = field(default_factory=dict)
    refresh_tokens: dict[str, Token] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    finds_near: bool = False
    """Whether search forgives wrong letters, and goes on with what has some of the
    words, as Spotify's does; without it only what has all of them is found."""
