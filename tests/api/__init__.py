"""Tests of the Web API client, against an emulated Spotify and without Home Assistant."""
