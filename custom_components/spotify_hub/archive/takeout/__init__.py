"""Spotify's privacy export: account data and the extended streaming history.

`open_export` opens what was handed over, `preview` tells what it would bring, and
`batches` reads it as sightings. All of it blocks, and belongs on a thread of its own.
"""
