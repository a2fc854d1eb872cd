"""Tests of the actions for playlists."""
