"""What stops a demonstration."""


class DemonstrationError(Exception):
    """It can't go on; the text says why."""
