"""Tests of Spotify Hub."""
