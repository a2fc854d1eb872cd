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
CONF_AREAS: Final = "areas"
CONF_AUTHORIZED_AT: Final = "authorized_at"
CONF_DEFAULT: Final = "default"
CONF_FEATURES: Final = "features"
CONF_FAVORITES: Final = "favorites"
CONF_HOUSEHOLD: Final = "household"
CONF_KEEP_DAYS: Final = "keep_days"
CONF_KINDS: Final = "kinds"
CONF_MARKET: Final = "market"
CONF_QUICK_IDLE_POLLING: Final = "quick_idle_polling"
CONF_SAME_DEVELOPER: Final = "same_developer"
CONF_SAVE_TO_PLAYLIST: Final = "save_to_playlist"
CONF_SHARED: Final = "shared"
CONF_USER_ID: Final = "user_id"
CONF_USERS: Final = "users"
