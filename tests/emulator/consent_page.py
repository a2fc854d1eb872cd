"""How the consent page looks, and Spotify's scopes in words."""

from collections.abc import Sequence
from html import escape

from aiohttp import web

from .world import App, User

SCOPES = {
    "user-read-playback-state": "See what is playing and on which devices",
    "user-modify-playback-state": "Control playback on your devices",
    "user-read-currently-playing": "See the track that is playing",
    "user-read-recently-played": "See what you have played recently",
    "user-read-playback-position": "See how far you are in episodes",
    "user-top-read": "See your top artists and tracks",
    "user-library-read": "See your library",
    "user-library-modify": "Save to and remove from your library",
    "user-follow-read": "See whom you follow",
    "user-follow-modify": "Follow and unfollow for you",
    "playlist-read-private": "See your private playlists",
    "playlist-read-collaborative": "See the playlists you share with others",
    "playlist-modify-public": "Change your public playlists",
    "playlist-modify-private": "Change your private playlists",
    "ugc-image-upload": "Upload playlist covers",
    "user-read-private": "See your subscription",
    "user-read-email": "See your e-mail address",
    "streaming": "Play music in the app",
    "app-remote-control": "Talk to Spotify on your devices",
}

_STYLE = """
body{margin:0;min-height:100vh;display:grid;place-items:center;color:#fff;
background:linear-gradient(#2a3d33,#121212 60%);font:16px/1.5 system-ui,sans-serif}
main{box-sizing:border-box;width:min(94vw,30rem);padding:2rem;background:#121212;
border-radius:1rem;box-shadow:0 1rem 3rem #0008}
h1{margin:.2rem 0 1.2rem;font-size:1.5rem;line-height:1.25}
h2{margin:1.6rem 0 .6rem;color:#b3b3b3;font-size:.9rem;font-weight:600}
small{color:#1ed760;font-weight:700;letter-spacing:.04em}
label{display:flex;gap:.7rem;align-items:baseline;padding:.15rem 0}
input{accent-color:#1ed760}
button{display:block;box-sizing:border-box;width:100%;margin:.5rem 0;padding:.8rem;
border:0;border-radius:2rem;background:#1ed760;color:#000;font:600 1rem system-ui,
sans-serif;cursor:pointer}
button:hover{filter:brightness(1.1)}
button.cancel{background:none;color:#fff;border:1px solid #727272}
"""


def page(app: App, scopes: Sequence[str], users: Sequence[User]) -> web.Response:
    """Return the page: who asks, for what, and who answers."""
    wishes = "".join(
        f'<label><input type="checkbox" name="scopes" value="{escape(scope)}" checked>'
        f"<span>{escape(SCOPES[scope])}</span></label>"
        for scope in scopes
    )
    people = "".join(
        f'<button name="user" value="{escape(user.id)}">'
        f"{escape(user.display_name or user.id)}</button>"
        for user in users
    )
    text = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Authorize · Spotify emulator</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>
<body><main><small>SPOTIFY EMULATOR</small>
<h1>{escape(app.client_id)} wants to use your account</h1>
<form method="post"><input type="hidden" name="scopes" value="">
<h2>It will be able to</h2>{wishes or "<p>See your public profile</p>"}
<h2>Continue as</h2>{people}
<button class="cancel" name="action" value="cancel">Cancel</button>
</form></main></body></html>"""
    return web.Response(text=text, content_type="text/html")
