"""Spoken and typed sentences, by Home Assistant's own conversation agent."""
