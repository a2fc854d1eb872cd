"""The objects of a JSON array, one after the other.

Only a chunk and one object are in memory, whatever the size of the file. The bound on
one object is why no general streaming parser stands here: those keep a text without
end whole.
"""

import codecs
from collections.abc import Generator
import json
import re
from typing import IO, Any

from .errors import READ_ERRORS, BrokenFileError, UnreadableFileError

# Bytes read at once; a play has 800.
CHUNK = 1 << 18
# Characters that one object may have.
MAX_OBJECT = 1 << 20

_SIGN = re.compile(r"[^ \t\r\n]")
_decode = json.JSONDecoder().raw_decode


def json_rows(stream: IO[bytes], file: str) -> Generator[dict[str, Any]]:
    """Go through the objects of the array that a stream holds; closes the stream.

    Raises:
        BrokenFileError: it is no array of objects, no UTF-8, or ends too early.
        UnreadableFileError: reading it failed.
    """
    read = 0
    with stream:
        text = _Text(stream, file)
        try:
            text.expect("[")
            if text.next_sign() != "]":
                yield text.next_object()
                read += 1
                while text.next_sign() == ",":
                    text.at += 1
                    yield text.next_object()
                    read += 1
            text.expect("]")
            text.expect("")
        except ValueError as err:
            raise BrokenFileError(file, read, str(err)) from None


class _Text:
    """What was read and not yet used; `at` is where to go on."""

    def __init__(self, stream: IO[bytes], file: str) -> None:
        self._stream = stream
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._ended = False
        self._buffer = ""
        self.at = 0

    def next_sign(self) -> str:
        """Go to the next character that is no space; "" at the end."""
        while True:
            if (found := _SIGN.search(self._buffer, self.at)) is not None:
                self.at = found.start()
                return found[0]
            self.at = len(self._buffer)
            if self._ended:
                return ""
            self._read_on()

    def expect(self, sign: str) -> None:
        """Go past a character; ValueError if another stands there."""
        if self.next_sign() != sign:
            raise ValueError("a list of plays goes on otherwise")
        self.at += 1

    def next_object(self) -> dict[str, Any]:
        """Go past an object; ValueError if none that can be read stands there."""
        if self.next_sign() != "{":
            raise ValueError("what follows is no play")
        while True:
            try:
                found: dict[str, Any]
                found, self.at = _decode(self._buffer, self.at)
            except RecursionError, StopIteration, ValueError:
                if self._ended or len(self._buffer) - self.at > MAX_OBJECT:
                    raise ValueError("what follows is cut off or no JSON") from None
                self._read_on()
            else:
                return found

    def _read_on(self) -> None:
        try:
            chunk = self._stream.read(CHUNK)
        except READ_ERRORS as err:
            raise UnreadableFileError(self._file, err) from err
        self._ended = not chunk
        try:
            text = self._decoder.decode(chunk, self._ended)
        except UnicodeDecodeError:
            raise ValueError("what follows is no UTF-8") from None
        self._buffer = self._buffer[self.at :] + text
        self.at = 0
