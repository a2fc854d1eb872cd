"""Any picture becomes a cover that Spotify takes; what is none is refused."""

from base64 import b64encode
from io import BytesIO
import struct
import zlib

from homeassistant.exceptions import ServiceValidationError
from hypothesis import given, settings, strategies as st
from PIL import Image
import pytest

from custom_components.spotify_hub.account import cover
from custom_components.spotify_hub.account.cover import jpeg_for_cover
from custom_components.spotify_hub.api.playlists import LARGEST_COVER


def packed(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    """Return a picture as a file."""
    file = BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    """Return what Spotify gets, which is small enough."""
    assert len(b64encode(jpeg)) <= LARGEST_COVER
    picture = Image.open(BytesIO(jpeg))
    picture.load()
    assert picture.format == "JPEG"
    assert picture.mode == "RGB"
    assert picture.width == picture.height
    return picture


def looks(picture: Image.Image, at: tuple[int, int], colour: str) -> bool:
    """Tell whether a pixel has about this colour."""
    seen = picture.getpixel(at)
    assert isinstance(seen, tuple)
    wanted = {"red": (255, 0, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    return all(
        abs(one - other) < 12 for one, other in zip(seen, wanted[colour], strict=True)
    )


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG file that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(5001, 5000), (12_000, 8000), (65_000, 65_000)])
def test_pictures_of_too_many_pixels_are_not_unpacked(size: tuple[int, int]) -> None:
    """Whether or not Pillow would refuse them too."""
    with pytest.raises(ServiceValidationError) as raised:
        jpeg_for_cover(bomb(*size))
    assert raised.value.translation_key == "cover_too_large"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7 ...",
        packed(Image.new("RGB", (300, 300), "red"), "TIFF"),
        packed(Image.effect_noise((300, 300), 90), "JPEG")[:4000],
        packed(Image.effect_noise((300, 300), 90))[:4000],
        bomb(300, 300),
    ],
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    """Text, other kinds of files, and what was cut off."""
    with pytest.raises(ServiceValidationError) as raised:
        jpeg_for_cover(data)
    assert raised.value.translation_key == "cover_not_readable"


WHOLE = [
    packed(Image.effect_noise((64, 48), 90), kind)
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP")
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=8),
)
def test_damaged_pictures_are_refused_or_repaired(
    whole: bytes, harm: list[tuple[int, int]]
) -> None:
    """But no other error ever comes."""
    data = bytearray(whole)
    for at, value in harm:
        data[at % len(data)] = value
    try:
        jpeg = jpeg_for_cover(bytes(data))
    except ServiceValidationError:
        return
    opened(jpeg)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colours_is_read(mode: str) -> None:
    """Grey, with a palette, for print."""
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert (
        opened(jpeg_for_cover(packed(Image.new(mode, (320, 320)), kind))).width == 320
    )


def test_the_middle_is_cut_out() -> None:
    """Of a wide picture what is left and right goes."""
    wide = Image.new("RGB", (1600, 400), "blue")
    wide.paste("red", (600, 0, 1000, 400))
    square = opened(jpeg_for_cover(packed(wide)))
    assert square.size == (400, 400)
    assert looks(square, (5, 5), "red")
    assert looks(square, (394, 394), "red")


def test_transparency_becomes_white() -> None:
    """Not black, nor whatever colour lies hidden there."""
    clear = Image.new("RGBA", (300, 300), (255, 0, 0, 0))
    assert looks(opened(jpeg_for_cover(packed(clear))), (150, 150), "white")


def test_a_photo_is_turned_upright_and_says_no_more_where_it_was_taken() -> None:
    """Cameras write both beside the pixels."""
    photo = Image.new("RGB", (400, 400), "blue")
    photo.paste("red", (0, 0, 400, 200))
    exif = Image.Exif()
    exif[0x0112] = 3
    exif.get_ifd(0x8825)[1] = "N"
    jpeg = jpeg_for_cover(packed(photo, "JPEG", exif=exif, comment=b"at home"))
    square = opened(jpeg)
    assert looks(square, (200, 20), "blue")
    assert looks(square, (200, 380), "red")
    assert not square.getexif()
    assert b"at home" not in jpeg


@pytest.mark.parametrize(
    ("sound", "damaged"),
    [
        # The make of the camera is no text, its resolution no number.
        (b"\x01\x0f\x00\x02", b"\x01\x0f\x00\x05"),
        (b"\x01\x1a\x00\x05", b"\x01\x1a\x00\x07"),
    ],
)
def test_a_photo_that_says_nonsense_of_itself_is_refused(
    sound: bytes, damaged: bytes
) -> None:
    """Pillow takes it in, and stumbles when it turns the photo upright."""
    exif = Image.Exif()
    exif[0x0112] = 3
    exif[0x010F] = ""
    exif[0x011A] = 72.0
    photo = packed(Image.new("RGB", (400, 400), "blue"), "JPEG", exif=exif)
    assert photo.count(sound) == 1
    assert opened(jpeg_for_cover(photo))
    with pytest.raises(ServiceValidationError) as raised:
        jpeg_for_cover(photo.replace(sound, damaged))
    assert raised.value.translation_key == "cover_not_readable"


@pytest.mark.parametrize("size", [(1000, 1000), (3000, 2000)])
def test_what_does_not_pack_well_becomes_smaller(size: tuple[int, int]) -> None:
    """Noise is the worst there is."""
    noise = Image.merge("RGB", [Image.effect_noise(size, 200) for _ in range(3)])
    assert opened(jpeg_for_cover(packed(noise))).width >= 250


def test_a_large_photo_is_read_at_a_fraction_of_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A JPEG of more pixels than would be unpacked."""
    monkeypatch.setattr(cover, "MOST_PIXELS", 5_000_000)
    photo = packed(Image.new("RGB", (4000, 4000), "red"), "JPEG")
    assert opened(jpeg_for_cover(photo)).width == 1000


def test_one_pixel_is_a_picture() -> None:
    """Though a dull one."""
    assert opened(jpeg_for_cover(packed(Image.new("RGB", (1, 9))))).size == (1, 1)
