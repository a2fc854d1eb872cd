"""Reads and writes rows of Home Assistant's long-term statistics; needs the recorder."""

from collections.abc import Sequence
from datetime import datetime
from itertools import batched

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import StatisticData, StatisticMetaData
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .statistic_rows import Row

# Rows that are handed to the recorder at once, so that it can do other things between.
BATCH = 1_000


async def async_rows(
    hass: HomeAssistant, statistic: str, since: int, until: int
) -> list[Row]:
    """Return the rows from an hour until before another (UTC ms), in order."""
    if since >= until:
        return []
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        _moment(since),
        _moment(until),
        {statistic},
        "hour",
        None,
        {"state", "sum"},
    )
    return [
        Row(round(row["start"] * 1000), row["state"] or 0.0, row["sum"] or 0.0)
        for row in found.get(statistic, ())
    ]


async def async_write_rows(
    hass: HomeAssistant, metadata: StatisticMetaData, rows: Sequence[Row]
) -> None:
    """Write rows, in the place of those of the same hours."""
    for some in batched(rows, BATCH, strict=False):
        data = [
            StatisticData(start=_moment(row.hour), state=row.state, sum=row.sum)
            for row in some
        ]
        async_add_external_statistics(hass, metadata, data)
        await get_instance(hass).async_block_till_done()


def _moment(stamp: int) -> datetime:
    return dt_util.utc_from_timestamp(stamp / 1000)
