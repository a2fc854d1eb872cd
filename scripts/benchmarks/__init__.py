"""Benchmarks: each prints what it measured and fails when a goal is missed."""
