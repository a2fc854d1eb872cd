"""Stands in for a package that must be compiled, which nothing in the demo calls.

Home Assistant's voice pipeline imports it, and without that its frontend won't load.
"""


class MicroVad:
    """Would tell speech from noise; the demo has no microphone."""
