"""How the roll-ups follow the plays: by triggers, on either database.

SQLite's run for each row, PostgreSQL's once for each statement.
"""

SLOT_MS = 1_800_000
"""How long a slot is; the triggers say the same number."""

_SQLITE = (
    """CREATE TRIGGER plays_added AFTER INSERT ON plays BEGIN
      INSERT INTO slots VALUES (NEW.account, NEW.started / 1800000, 1, NEW.heard,
        coalesce(NEW.skipped, 0), NEW.listened)
      ON CONFLICT (account, slot) DO UPDATE SET
        starts = slots.starts + excluded.starts,
        plays = slots.plays + excluded.plays,
        skips = slots.skips + excluded.skips,
        listened = slots.listened + excluded.listened;
      INSERT INTO totals VALUES (NEW.account, NEW.item, 1, NEW.heard,
        coalesce(NEW.skipped, 0), NEW.listened, NEW.started)
      ON CONFLICT (account, item) DO UPDATE SET
        starts = totals.starts + excluded.starts,
        plays = totals.plays + excluded.plays,
        skips = totals.skips + excluded.skips,
        listened = totals.listened + excluded.listened,
        first = min(totals.first, excluded.first);
    END""",
    """CREATE TRIGGER plays_gone AFTER DELETE ON plays BEGIN
      UPDATE slots SET starts = starts - 1, plays = plays - OLD.heard,
        skips = skips - coalesce(OLD.skipped, 0), listened = listened - OLD.listened
      WHERE account = OLD.account AND slot = OLD.started / 1800000;
      DELETE FROM slots WHERE account = OLD.account
        AND slot = OLD.started / 1800000 AND starts = 0;
      UPDATE totals SET starts = starts - 1, plays = plays - OLD.heard,
        skips = skips - coalesce(OLD.skipped, 0), listened = listened - OLD.listened,
        first = coalesce((SELECT min(started) FROM plays
          WHERE item = OLD.item AND account = OLD.account), 0)
      WHERE account = OLD.account AND item = OLD.item;
      DELETE FROM totals WHERE account = OLD.account AND item = OLD.item AND starts = 0;
    END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION plays_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO slots SELECT account, started / 1800000,
          count(*)::int AS starts, sum(heard)::int AS plays,
          coalesce(sum(skipped), 0)::int AS skips, sum(listened)::bigint AS listened
        FROM changed GROUP BY 1, 2
      ON CONFLICT (account, slot) DO UPDATE SET
        starts = slots.starts + excluded.starts,
        plays = slots.plays + excluded.plays,
        skips = slots.skips + excluded.skips,
        listened = slots.listened + excluded.listened;
      INSERT INTO totals SELECT account, item,
          count(*)::int AS starts, sum(heard)::int AS plays,
          coalesce(sum(skipped), 0)::int AS skips, sum(listened)::bigint AS listened,
          min(started)
        FROM changed GROUP BY 1, 2
      ON CONFLICT (account, item) DO UPDATE SET
        starts = totals.starts + excluded.starts,
        plays = totals.plays + excluded.plays,
        skips = totals.skips + excluded.skips,
        listened = totals.listened + excluded.listened,
        first = least(totals.first, excluded.first);
      RETURN NULL;
    END $$""",
    """CREATE TRIGGER plays_added AFTER INSERT ON plays
      REFERENCING NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION plays_added()""",
    """CREATE FUNCTION plays_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      UPDATE slots SET
        starts = slots.starts - gone.starts,
        plays = slots.plays - gone.plays,
        skips = slots.skips - gone.skips,
        listened = slots.listened - gone.listened
        FROM (SELECT account, started / 1800000 AS slot,
          count(*)::int AS starts, sum(heard)::int AS plays,
          coalesce(sum(skipped), 0)::int AS skips, sum(listened)::bigint AS listened
          FROM changed GROUP BY 1, 2) AS gone
        WHERE slots.account = gone.account AND slots.slot = gone.slot;
      DELETE FROM slots USING changed WHERE slots.account = changed.account
        AND slots.slot = changed.started / 1800000 AND slots.starts = 0;
      UPDATE totals SET
        starts = totals.starts - gone.starts,
        plays = totals.plays - gone.plays,
        skips = totals.skips - gone.skips,
        listened = totals.listened - gone.listened,
        first = coalesce((SELECT min(started) FROM plays WHERE plays.item = totals.item
          AND plays.account = totals.account), 0)
        FROM (SELECT account, item,
          count(*)::int AS starts, sum(heard)::int AS plays,
          coalesce(sum(skipped), 0)::int AS skips, sum(listened)::bigint AS listened
          FROM changed GROUP BY 1, 2) AS gone
        WHERE totals.account = gone.account AND totals.item = gone.item;
      DELETE FROM totals USING changed WHERE totals.account = changed.account
        AND totals.item = changed.item AND totals.starts = 0;
      RETURN NULL;
    END $$""",
    """CREATE TRIGGER plays_gone AFTER DELETE ON plays
      REFERENCING OLD TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION plays_gone()""",
)

TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
