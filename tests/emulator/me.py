"""GET /me: the profile, as the app's regime serves it."""

from aiohttp import web
from yarl import URL

from .answers import app, token, user
from .world import Json, Regime


def routes() -> list[web.RouteDef]:
    """Return what this module serves."""
    return [web.get("/v1/me", profile)]


async def profile(request: web.Request) -> web.StreamResponse:
    """Answer who the token stands for."""
    who, asking = user(request), app(request)
    name = who.display_name or who.id
    image = URL.build(path=f"/image/user-{who.id}", query={"t": name[:1].upper()})
    answer: Json = {
        "display_name": who.display_name,
        "external_urls": {"spotify": f"https://open.spotify.com/user/{who.id}"},
        "href": f"https://api.spotify.com/v1/users/{who.id}",
        "id": who.id,
        "images": [
            {
                "height": 300,
                "url": str(request.url.origin().join(image)),
                "width": 300,
            }
        ],
        "type": "user",
        "uri": f"spotify:user:{who.id}",
    }
    if asking.serves_account_id and who.account_id:
        answer["account_id"] = who.account_id
    if asking.regime is Regime.LEGACY:
        answer["followers"] = {"href": None, "total": 0}
        scopes = token(request).scopes
        if "user-read-private" in scopes:
            answer |= {
                "country": who.country,
                "explicit_content": {"filter_enabled": False, "filter_locked": False},
                "product": who.product,
            }
        if "user-read-email" in scopes:
            answer["email"] = who.email
    return web.json_response(answer)
