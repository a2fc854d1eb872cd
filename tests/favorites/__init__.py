"""Liked Songs at home."""
