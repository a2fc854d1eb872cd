"""Tests of an account's media player, as Home Assistant and the person see it."""
