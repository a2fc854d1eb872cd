"""How playback moves on as time passes: decisions about one Player, nothing else."""

from collections.abc import Callable
import random

from .world import Play, Player

LISTENED_MS = 30_000
"""Heard for this long, a track counts as played."""

AD_MS = 30_000

type Durations = Callable[[str], int]


def position(player: Player, now_ms: int) -> int:
    """Return where the current item is."""
    passed = now_ms - player.since_ms if player.is_playing else 0
    return player.position_ms + passed


def settle(player: Player, now_ms: int) -> None:
    """Write down position and listening up to now."""
    if player.is_playing:
        passed = now_ms - player.since_ms
        player.position_ms += passed
        player.heard_ms += passed
    player.since_ms = now_ms


def changed(player: Player, now_ms: int) -> None:
    """Settle, and note that something other than the position changed."""
    settle(player, now_ms)
    player.changed_ms = now_ms


def catch_up(player: Player, now_ms: int, duration: Durations) -> list[Play]:
    """Let the time since the last look pass; return what was played to its end."""
    plays: list[Play] = []
    while player.is_playing and player.current_uri is not None:
        left = max(0, _duration(player, duration) - player.position_ms)
        ended_ms = player.since_ms + left
        if ended_ms > now_ms:
            break
        settle(player, ended_ms)
        plays += leave(player, ended=True)
        _follow(player)
        player.changed_ms = ended_ms
    settle(player, now_ms)
    return plays


def leave(player: Player, *, ended: bool = False) -> list[Play]:
    """Return the entry that the current item leaves in the recently-played list."""
    uri = player.current_uri
    if (
        uri is None
        or player.foreign is not None
        or player.foreign_type is not None
        or not uri.startswith("spotify:track:")
        or not (ended or player.heard_ms >= LISTENED_MS)
        or (player.active is not None and player.active.is_private_session)
    ):
        return []
    return [Play(uri, player.since_ms, player.context_uri)]


def begin(player: Player, uri: str, *, from_queue: bool = False) -> None:
    """Stand at the start of an item."""
    player.current_uri = uri
    player.from_queue = from_queue
    player.position_ms = 0
    player.heard_ms = 0
    player.foreign = None
    player.foreign_type = None


def begin_at(player: Player, index: int) -> None:
    """Stand at the start of an item of the context."""
    player.index = index
    begin(player, player.context_uris[player.order[index]])


def has_next(player: Player) -> bool:
    """Say whether anything follows."""
    return bool(
        player.queue
        or player.index + 1 < len(player.order)
        or (player.repeat == "context" and player.order)
    )


def has_previous(player: Player) -> bool:
    """Say whether anything precedes."""
    return (
        player.index > 0
        or (player.from_queue and player.index >= 0)
        or (player.repeat == "context" and bool(player.order))
    )


def go_next(player: Player) -> None:
    """Move to what follows, to the queue first."""
    if player.queue:
        begin(player, player.queue.pop(0), from_queue=True)
    else:
        begin_at(player, (player.index + 1) % len(player.order))


def go_back(player: Player) -> None:
    """Move to what precedes."""
    step = 0 if player.from_queue and player.index >= 0 else 1
    begin_at(player, (player.index - step) % len(player.order))


def upcoming(player: Player, most: int = 20) -> list[str]:
    """Return what plays next: the queue, then what follows in the context."""
    following = player.order[player.index + 1 :]
    if player.repeat == "context" and player.order:
        while len(following) < most:
            following = following + player.order
    return player.queue + [player.context_uris[at] for at in following[:most]]


def disallows(player: Player) -> dict[str, bool]:
    """Return Spotify's `actions.disallows`, which names only what is not allowed."""
    fixed = player.current_uri is None or player.foreign_type == "ad"
    found = {
        "pausing": not player.is_playing,
        "resuming": player.is_playing,
        "seeking": fixed,
        "skipping_next": fixed or not has_next(player),
        "skipping_prev": fixed or not has_previous(player),
        "transferring_playback": player.active is not None
        and player.active.is_restricted,
    }
    found |= player.disallows
    return {action: True for action, disallowed in found.items() if disallowed}


def load(
    player: Player, context_uri: str | None, uris: list[str], start: int | None
) -> None:
    """Play something else from one of its entries on; None leaves the choice open."""
    player.context_uri = context_uri
    player.context_uris = uris
    order = list(range(len(uris)))
    if player.shuffle:
        # Always the same disorder for the same content: tests can repeat it.
        random.Random(len(uris)).shuffle(order)
        if start is not None:
            order.remove(start)
            order.insert(0, start)
        start = 0
    player.order = order
    begin_at(player, start or 0)


def shuffle(player: Player, *, on: bool) -> None:
    """Bring the context out of order or back into it, keeping the current item."""
    if player.shuffle == on:
        return
    player.shuffle = on
    order = list(range(len(player.context_uris)))
    if player.index < 0 or not order:
        return
    current = player.order[player.index]
    if on:
        order.remove(current)
        random.Random(len(order)).shuffle(order)
        order.insert(0, current)
    player.order = order
    player.index = order.index(current)


def _follow(player: Player) -> None:
    """Go on after an item has ended by itself."""
    if player.repeat == "track" and player.current_uri is not None:
        begin(player, player.current_uri, from_queue=player.from_queue)
    elif has_next(player):
        go_next(player)
    else:
        # As Spotify does: it stands paused at where the context begins.
        player.is_playing = False
        if player.order:
            begin_at(player, 0)
        else:
            player.position_ms = 0


def _duration(player: Player, duration: Durations) -> int:
    if player.foreign is not None:
        return max(1, int(player.foreign.get("duration_ms") or AD_MS))
    if player.foreign_type is not None:
        return AD_MS
    assert player.current_uri is not None
    return max(1, duration(player.current_uri))
