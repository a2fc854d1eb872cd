"""Tests of the operations of an account."""
