"""What goes wrong with Spotify and around it, met at every door."""
