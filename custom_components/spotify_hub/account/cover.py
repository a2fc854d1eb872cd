"""Making a playlist's cover of any picture."""

from io import BytesIO
import struct

from PIL import Image, ImageOps

from ..api.playlists import LARGEST_COVER
from ..failures import invalid

# Pixels beyond which a picture is not unpacked: a small computer lacks the memory.
MOST_PIXELS = 25_000_000
# Pixels of a cover's side: as many as Spotify ever shows.
_SIDE = 1000
_QUALITIES = (92, 85, 75, 60)
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# What Pillow is known to raise for damaged pictures.
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)


def jpeg_for_cover(data: bytes) -> bytes:
    """Return a picture as the square JPEG that Spotify takes; slow, so not for the loop.

    Its middle is cut out, and nothing else than pixels stays of it.

    Raises:
        ServiceValidationError: it is no picture, damaged, or too large.
    """
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as picture:
            # A JPEG can be read at a fraction of its size.
            picture.draft("RGB", (2 * _SIDE, 2 * _SIDE))
            if picture.width * picture.height > MOST_PIXELS:
                raise invalid("cover_too_large", most=str(MOST_PIXELS // 1_000_000))
            square = _square(picture)
    except _TOO_LARGE as err:
        raise invalid("cover_too_large", most=str(MOST_PIXELS // 1_000_000)) from err
    except _UNREADABLE as err:
        raise invalid("cover_not_readable", detail=str(err)) from err
    return _small(square)


def _square(picture: Image.Image) -> Image.Image:
    """Return the middle of a picture, the right way up and on white."""
    ImageOps.exif_transpose(picture, in_place=True)
    side = min(_SIDE, *picture.size)
    square = ImageOps.fit(
        picture.convert("RGBA"), (side, side), Image.Resampling.LANCZOS
    )
    white = Image.new("RGBA", square.size, "white")
    return Image.alpha_composite(white, square).convert("RGB")


def _small(square: Image.Image) -> bytes:
    """Return the best JPEG that is small enough in base64, which makes 4 bytes of 3."""
    while True:
        for quality in _QUALITIES:
            file = BytesIO()
            square.save(file, "JPEG", quality=quality, optimize=True, comment=b"")
            jpeg = file.getvalue()
            if (len(jpeg) + 2) // 3 * 4 <= LARGEST_COVER:
                return jpeg
        side = square.width // 2
        square = square.resize((side, side), Image.Resampling.LANCZOS)
