"""Benchmarks: each prints what it measured and fails when a goal is missed."""

import os

from tests import addresses

# Read once, when the integration is first imported.
os.environ["SPOTIFY_HUB_ACCOUNTS_URL"] = addresses.URL
os.environ["SPOTIFY_HUB_API_URL"] = addresses.URL
