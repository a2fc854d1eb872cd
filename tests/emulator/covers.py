"""Cover images, so that what shows them looks real."""

import colorsys
from hashlib import sha256
from html import escape
import textwrap

from aiohttp import hdrs, web


def routes() -> list[web.RouteDef]:
    """Return what this module serves."""
    return [web.get("/image/{id:.+}", image)]


async def image(request: web.Request) -> web.StreamResponse:
    """Answer the cover that belongs to an id."""
    return web.Response(
        text=cover(request.match_info["id"], request.query.get("t", "")),
        content_type="image/svg+xml",
        headers={hdrs.CACHE_CONTROL: "public, max-age=31536000"},
    )


def cover(seed: str, title: str) -> str:
    """Return a square SVG: two colours of one mood, a few circles, a title."""
    dice = sha256(seed.encode()).digest()
    hue = dice[0] / 256
    near = _colour(hue, 0.38 + dice[1] / 1280, 0.62)
    far = _colour(hue + 0.08 + dice[2] / 1500, 0.22, 0.7)
    circles = "".join(
        f'<circle cx="{dice[n] * 2.5:.0f}" cy="{dice[n + 1] * 2.5:.0f}" '
        f'r="{60 + dice[n + 2] * 0.8:.0f}" fill="#fff" opacity=".07"/>'
        for n in (4, 8, 12, 16)
    )
    lines = textwrap.wrap(title, 16, max_lines=4, placeholder="…")
    text = "".join(
        f'<text x="44" y="{590 - (len(lines) - 1 - row) * 74}">{escape(line)}</text>'
        for row, line in enumerate(lines)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640" width="640" height="640">'
        '<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">'
        f'<stop offset="0" stop-color="{near}"/><stop offset="1" stop-color="{far}"/>'
        '</linearGradient></defs><rect width="640" height="640" fill="url(#g)"/>'
        f'{circles}<g fill="#fff" font-family="system-ui,sans-serif" font-size="62" '
        f'font-weight="700">{text}</g></svg>'
    )


def _colour(hue: float, lightness: float, saturation: float) -> str:
    parts = colorsys.hls_to_rgb(hue % 1, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
