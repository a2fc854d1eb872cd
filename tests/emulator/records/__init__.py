"""The tables the emulated catalogue is built from."""
