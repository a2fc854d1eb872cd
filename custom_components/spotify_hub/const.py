"""Constants of Spotify Hub."""

import logging
import os
from typing import Final

DOMAIN: Final = "spotify_hub"
LOGGER = logging.getLogger(__package__)

# Where Spotify is; a demonstration and the tests put an emulator there.
SPOTIFY_ACCOUNTS_URL: Final = os.environ.get(
    "SPOTIFY_HUB_ACCOUNTS_URL", "https://accounts.spotify.com"
)
SPOTIFY_API_URL: Final = os.environ.get(
    "SPOTIFY_HUB_API_URL", "https://api.spotify.com"
)

CONF_ACCOUNT_ID: Final = "account_id"
CONF_ALLOWED: Final = "allowed"
CONF_AREAS: Final = "areas"
CONF_AUTHORIZED_AT: Final = "authorized_at"
CONF_DATABASE: Final = "database"
CONF_DATABASE_URL: Final = "database_url"
CONF_DEFAULT: Final = "default"
CONF_DEFAULT_SPEAKER: Final = "default_speaker"
CONF_FALLBACK: Final = "fallback"
CONF_FEATURES: Final = "features"
CONF_HIDDEN: Final = "hidden"
CONF_HIDDEN_TYPES: Final = "hidden_types"
CONF_HOUSEHOLD: Final = "household"
CONF_LINKED: Final = "linked"
CONF_MAX_VOLUME: Final = "max_volume"
CONF_MIN_VOLUME: Final = "min_volume"
CONF_NEW_SPEAKERS: Final = "new_speakers"
CONF_QUICK_IDLE_POLLING: Final = "quick_idle_polling"
CONF_SAME_DEVELOPER: Final = "same_developer"
CONF_SAVE_TO_PLAYLIST: Final = "save_to_playlist"
CONF_SHARED: Final = "shared"
CONF_SHOWN: Final = "shown"
CONF_SPEAKER: Final = "speaker"
CONF_USERS: Final = "users"
CONF_USER_ID: Final = "user_id"
