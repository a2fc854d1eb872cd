"""A real Home Assistant beside an emulated Spotify, to try out or to check."""
