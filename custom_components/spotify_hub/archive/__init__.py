"""The household's listening history; imports nothing of Home Assistant."""
