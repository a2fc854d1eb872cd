"""What a person is told once the demo stands."""

from .client import PASSWORD, USERNAME


def invite(home: str, spotify: str, players: dict[str, str]) -> None:
    """Say where everything is, and what to try first."""
    user, player = next(iter(players.items()))
    print(
        f"""
Home Assistant:  {home}  (user {USERNAME}, password {PASSWORD})
Linked:          {", ".join(f"{who} as {where}" for who, where in players.items())}

Try:
 1. Media in the sidebar: choose the player below right, browse the library.
 2. Settings > Developer tools > Actions: media_player.play_media on {player}.
 3. Do something as if on the phone, and watch Home Assistant follow:
      curl -d '{{"user": "{user}", "do": "next"}}' {spotify}/_emulator/phone
 4. Settings > Devices & services > Add integration > Spotify Hub: link another
    user on the consent page of the emulated Spotify.

Ctrl-C ends it all.
""",
        flush=True,
    )


def invite_without_emulator(home: str) -> None:
    """Say how to link a real account."""
    print(
        f"""
Home Assistant:  {home}  (user {USERNAME}, password {PASSWORD})

To link a real account:
 1. In Spotify's developer dashboard create an app that uses the Web API, with
    this redirect URI:  {home}/auth/external/callback
 2. Settings > Devices & services > Add integration > Spotify Hub: enter the
    app's client ID and client secret, and follow the steps.

Ctrl-C ends it; with --keep the account is still linked next time.
""",
        flush=True,
    )
