"""Spotify's Web API. Nothing in this package imports Home Assistant."""
