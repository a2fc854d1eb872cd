"""One linked Spotify account: its parts are the operations that every door calls."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import AbstractOAuth2Implementation

from ..api.breaker import Breaker
from ..api.client import SpotifyHubClient
from ..api.errors import SignInError, SpotifyApiError
from ..api.ledger import LedgerGate
from ..api.scopes import Feature, missing_scopes
from ..api.transport import Transport
from ..const import (
    CONF_ACCOUNT_ID,
    CONF_FEATURES,
    CONF_USER_ID,
    DOMAIN,
    LOGGER,
    SPOTIFY_API_URL,
)
from ..coordinator import PlaybackCoordinator, SpeakersCoordinator
from ..household import Household, async_get_household
from .again import AgainOperations
from .changes import ChangeLog
from .contexts import ContextNames
from .favorites import Favorites, async_open_favorites
from .happenings import Happenings
from .history import HistoryOperations
from .items import ItemOperations
from .keeping import HistoryKeeping, async_make_keeping
from .library import LibraryOperations
from .liked_songs import LikedSongs
from .likes import Likes
from .listings import ListingOperations
from .monitor import AccountMonitor
from .own import OwnThings
from .own_speakers import AccountSpeakers
from .pins import PinOperations
from .player import PlayerOperations
from .playlist_names import PlaylistNames
from .playlists import PlaylistOperations
from .premium import PremiumVerdict
from .queue import QueueOperations
from .recent import RecentPlays
from .routines import Routines, async_open_routines
from .search import SearchOperations
from .sending import CommandSender
from .snapshots import SnapshotOperations
from .starting import Starter
from .tokens import AccountTokens, client_id_of
from .undo import UndoFolder

type SpotifyHubConfigEntry = ConfigEntry[SpotifyAccount]


@dataclass(frozen=True, slots=True)
class SpotifyAccount:
    """What a config entry holds at run time."""

    user_id: str
    features: frozenset[Feature]
    client: SpotifyHubClient
    playback: PlaybackCoordinator
    speakers: SpeakersCoordinator
    premium: PremiumVerdict
    own_speakers: AccountSpeakers
    player: PlayerOperations
    routines: Routines
    queue: QueueOperations
    search: SearchOperations
    listings: ListingOperations
    items: ItemOperations
    library: LibraryOperations
    playlists: PlaylistOperations
    playlist_names: PlaylistNames
    pins: PinOperations
    likes: Likes
    favorites: Favorites
    snapshots: SnapshotOperations
    happenings: Happenings
    history: HistoryOperations
    again: AgainOperations
    contexts: ContextNames
    recent: RecentPlays
    keeping: HistoryKeeping
    monitor: AccountMonitor
    breaker: Breaker
    household: Household


async def async_open_account(
    hass: HomeAssistant,
    entry: SpotifyHubConfigEntry,
    implementation: AbstractOAuth2Implementation,
) -> SpotifyAccount:
    """Make an account ready, with its first look at what plays.

    Raises:
        ConfigEntryAuthFailed: the sign-in is over, or control was not granted.
        ConfigEntryNotReady: Spotify can't be asked now.
    """
    if missing_scopes((), entry.data["token"].get("scope") or ""):
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN, translation_key="scope_missing"
        )
    household = async_get_household(hass)
    owner = client_id_of(implementation)
    entry.async_on_unload(partial(household.async_leave, entry.entry_id))
    await household.async_join(entry.entry_id, owner)
    tokens = AccountTokens(hass, entry, implementation)
    entry.async_on_unload(tokens.async_close)
    client, monitor, breaker = _connect(hass, entry, household, tokens, owner)
    playback = PlaybackCoordinator(
        hass,
        entry,
        client,
        partial(household.accounts_on_book, entry.entry_id),
        partial(household.ledger.book, owner),
    )
    await playback.async_first_look()
    speakers = SpeakersCoordinator(
        hass, entry, client, lambda: playback.data.is_playing
    )
    await speakers.async_refresh()
    await _async_learn_account_id(hass, entry, client)
    entry.async_on_unload(household.history.async_join(entry))
    premium = PremiumVerdict()
    entry.async_on_unload(
        household.speakers.async_join(entry.entry_id, playback, speakers)
    )
    own_speakers = AccountSpeakers(hass, entry, household)
    player, sender = _player(client, playback, speakers, own_speakers, premium, monitor)
    features = frozenset(Feature(feature) for feature in entry.data[CONF_FEATURES])
    user_id = entry.data[CONF_USER_ID]
    pins = PinOperations(household, entry.entry_id)
    contexts = ContextNames(hass, entry, client, pins, playback.async_update_listeners)
    keeping = async_make_keeping(
        hass, entry, client, playback, household, contexts.name
    )
    if Feature.HISTORY in features:
        keeping.async_start(paused=household.is_background_paused(entry.entry_id))
    liked_songs = LikedSongs(hass, entry, household.history)
    own = OwnThings(client, features, user_id, pins, liked_songs)
    search = SearchOperations(client, own)
    changes = ChangeLog(hass, entry, household.history)
    likes = Likes(hass, entry, client, playback, liked_songs)
    happenings = Happenings(playback, likes, contexts.name)
    undo = UndoFolder(hass, Path(hass.config.path(DOMAIN, "undo")), entry.entry_id)

    @callback
    def follow_playback() -> None:
        playing = playback.data.playback
        if Feature.PLAYLISTS in features and playing and playing.context:
            contexts.async_learn(playing.context.uri)
        speakers.async_adapt()
        if Feature.HISTORY in features:
            keeping.recent.async_follow()
        if Feature.LIBRARY in features:
            likes.async_follow()

    library = LibraryOperations(
        client, changes, likes, undo=undo, forget=search.forget_playlists
    )
    favorites = await async_open_favorites(
        hass,
        entry,
        client,
        monitor,
        granted=Feature.LIBRARY in features,
        paused=household.is_background_paused(entry.entry_id),
        tell=liked_songs.async_copied,
    )
    liked_songs.async_begin(favorites.record, granted=Feature.LIBRARY in features)

    tokens.async_keep_fresh(playback.async_sign_in_over)
    entry.async_on_unload(monitor.async_follow(playback))
    entry.async_on_unload(playback.async_add_listener(follow_playback))
    follow_playback()
    return SpotifyAccount(
        user_id=user_id,
        features=features,
        client=client,
        playback=playback,
        speakers=speakers,
        premium=premium,
        own_speakers=own_speakers,
        player=player,
        routines=async_open_routines(
            hass, entry, household, playback, own_speakers, player, sender
        ),
        queue=QueueOperations(client, player, user_id),
        search=search,
        listings=ListingOperations(client, user_id),
        items=ItemOperations(playback, search),
        library=library,
        playlists=PlaylistOperations(
            client,
            changes,
            undo,
            user_id,
            pins=pins,
            forget=search.forget_playlists,
        ),
        playlist_names=PlaylistNames(
            hass,
            entry,
            search.own,
            paused=household.is_background_paused(entry.entry_id),
        ),
        pins=pins,
        likes=likes,
        favorites=favorites,
        snapshots=SnapshotOperations(hass, client, favorites, library),
        happenings=happenings,
        history=(history := HistoryOperations(hass, entry, household.history)),
        again=AgainOperations(hass, history, player),
        contexts=contexts,
        recent=keeping.recent,
        keeping=keeping,
        monitor=monitor,
        breaker=breaker,
        household=household,
    )


@callback
def async_loaded_account(
    hass: HomeAssistant, entry_id: str
) -> SpotifyHubConfigEntry | None:
    """Return the entry of an account, while it holds one."""
    entry: SpotifyHubConfigEntry | None = hass.config_entries.async_get_entry(entry_id)
    return entry if hasattr(entry, "runtime_data") else None


def _connect(
    hass: HomeAssistant,
    entry: ConfigEntry,
    household: Household,
    tokens: AccountTokens,
    owner: str,
) -> tuple[SpotifyHubClient, AccountMonitor, Breaker]:
    """Return a client of Spotify's, and what watches over its requests."""
    gate = LedgerGate(household.ledger, owner, entry.entry_id)
    breaker = Breaker(partial(_log_outage, entry.title), hass.loop.time)
    monitor = AccountMonitor(hass, gate, breaker)
    entry.async_on_unload(monitor.async_close)
    session = async_get_clientsession(hass)
    transport = Transport(session, SPOTIFY_API_URL, tokens, monitor, breaker)
    return SpotifyHubClient(transport), monitor, breaker


def _player(
    client: SpotifyHubClient,
    playback: PlaybackCoordinator,
    speakers: SpeakersCoordinator,
    own_speakers: AccountSpeakers,
    premium: PremiumVerdict,
    monitor: AccountMonitor,
) -> tuple[PlayerOperations, CommandSender]:
    sender = CommandSender(playback, speakers, own_speakers, premium, monitor.commands)
    starter = Starter(client.player, sender, playback, own_speakers)
    player = PlayerOperations(client, playback, speakers, own_speakers, sender, starter)
    return player, sender


@callback
def async_pause_background(
    account: SpotifyAccount, entry_id: str, *, paused: bool
) -> None:
    """Switch the account's background work off or on, for good."""
    account.household.async_pause_background(entry_id, paused=paused)
    for job in (*account.keeping.jobs, account.playlist_names.job):
        job.async_pause(paused=paused)
    account.favorites.async_pause(paused=paused)


def _log_outage(account: str, error: SpotifyApiError | None) -> None:
    """Write one line when Spotify falls silent, and one when it is back."""
    if error is None:
        LOGGER.warning("Spotify answers %s again", account)
    else:
        LOGGER.warning("Spotify does not answer %s: %s", account, error)


async def _async_learn_account_id(
    hass: HomeAssistant, entry: SpotifyHubConfigEntry, client: SpotifyHubClient
) -> None:
    """Store the account's immutable id when Spotify first tells it.

    Entries linked without one are known by the user's name, which can change.
    """
    if entry.data.get(CONF_ACCOUNT_ID):
        return
    try:
        user = await client.library.me()
    except SignInError as err:
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN, translation_key=err.key
        ) from err
    except SpotifyApiError as err:
        LOGGER.debug("The account id of %s can't be learned now: %s", entry.title, err)
        return
    if user.account_id:
        hass.config_entries.async_update_entry(
            entry,
            unique_id=user.account_id,
            data={**entry.data, CONF_ACCOUNT_ID: user.account_id},
        )
