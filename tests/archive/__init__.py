"""Tests of the listening archive."""
