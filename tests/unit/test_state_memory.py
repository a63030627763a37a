"""What a partition's state takes in memory is bounded, whatever Faust would let it take."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from processors.agent_options import AgentOptions
from processors.agents import build_app
from processors.pipeline import DESIGNATIONS_GROUP, INTAKE, STORIES, THREADS, Group

MB = 1024 * 1024
PARTITION_MB_MAX = 64


@pytest.mark.parametrize(
    "group", [INTAKE, STORIES, THREADS, DESIGNATIONS_GROUP], ids=lambda group: group.name
)
def test_a_partition_takes_no_more_than_so_much(group: Group, tmp_path: Path) -> None:
    async def run() -> None:
        app = build_app(group, AgentOptions(client={"broker": "kafka://127.0.0.1:9"}, data_dir=tmp_path))
        [table] = app.tables.values()
        store = table.data.rocksdb_options
        taken = store.write_buffer_size * store.max_write_buffer_number + store.block_cache_size
        assert 0 < taken <= PARTITION_MB_MAX * MB

    asyncio.run(run())
