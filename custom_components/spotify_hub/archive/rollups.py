"""What plays add up to, in the words of either database: by slot of time, and by item.

Rows are added to what is there, or taken from it when they are negative. A play that
is told through a view is added to all three tables at once.
"""

SLOT_MS = 1_800_000
"""How long a slot is; the view says the same number."""


def _sums(table: str) -> str:
    measures = ("starts", "plays", "skips", "listened")
    return ", ".join(f"{one} = {table}.{one} + excluded.{one}" for one in measures)


# What becomes of rows that are there already.
ADD_TO_SLOT = f"ON CONFLICT (account, slot) DO UPDATE SET {_sums('slots')}"
ADD_TO_TOTAL = (
    f"ON CONFLICT (account, item) DO UPDATE SET {_sums('totals')}, first ="
    " CASE WHEN excluded.first < totals.first THEN excluded.first ELSE totals.first END"
)

# After some were taken away; the parameters are account and slot, or item.
DROP_SLOT = "DELETE FROM slots WHERE account = ? AND slot = ? AND starts = 0"
DROP_TOTAL = "DELETE FROM totals WHERE account = ? AND item = ? AND starts = 0"
FIND_FIRST = (
    "UPDATE totals SET first = (SELECT min(started) FROM plays"
    " WHERE plays.account = totals.account AND plays.item = totals.item)"
    " WHERE account = ? AND item = ?"
)

_PLAY = (
    "INSERT INTO plays VALUES (NEW.account, NEW.started, NEW.item, NEW.ordinal,"
    " NEW.listened, NEW.paused, NEW.skipped, NEW.heard, NEW.sources, NEW.estimated,"
    " NEW.speaker, NEW.context)"
)
_SLOT = (
    "INSERT INTO slots VALUES (NEW.account, NEW.started / 1800000,"
    " 1, NEW.heard, coalesce(NEW.skipped, 0), NEW.listened)"
)
_TOTAL = (
    "INSERT INTO totals VALUES (NEW.account, NEW.item,"
    " 1, NEW.heard, coalesce(NEW.skipped, 0), NEW.listened, NEW.started)"
)
_TOLD = f"{_PLAY}; {_SLOT} {ADD_TO_SLOT}; {_TOTAL} {ADD_TO_TOTAL}"

VIEW = {
    "sqlite": (
        "CREATE VIEW told AS SELECT * FROM plays",
        f"CREATE TRIGGER told_added INSTEAD OF INSERT ON told BEGIN {_TOLD}; END",
    ),
    "postgresql": (
        "CREATE VIEW told AS SELECT * FROM plays",
        f"CREATE RULE told_added AS ON INSERT TO told DO INSTEAD ({_TOLD})",
    ),
}
