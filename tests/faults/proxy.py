"""A TCP proxy that can be told to misbehave: drop, delay, cut half-way, refuse.

It runs in a thread and an event loop of its own, listens on one loopback port from the beginning to the
end, and knows nothing of what it carries.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

CHUNK_BYTES = 64 * 1024


class Proxy:
    """Carries bytes between clients and `target_port()`, asked anew for each connection.

    `delay_seconds` holds back every chunk, in order. `cut_after_bytes` ends each connection, either way,
    after so many bytes more. While `refusing`, new connections are reset.
    """

    def __init__(self, target_port: Callable[[], int]) -> None:
        self._target_port = target_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._ready = threading.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.delay_seconds = 0.0
        self.cut_after_bytes: int | None = None
        self.refusing = False
        self.carried_bytes = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def drop(self) -> None:
        """Reset every connection there is."""
        self._loop.call_soon_threadsafe(self._abort_all)

    def heal(self) -> None:
        """Behave again."""
        self.delay_seconds, self.cut_after_bytes, self.refusing = 0.0, None, False

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        self._abort_all()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.gather(*others, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        if self.refusing:
            self._abort(writer)
            return
        self._open.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port())
        except OSError:
            self._abort(writer)
            return
        self._open.add(far_writer)
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._abort(writer)
            self._abort(far_writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left: int | None = None
        with suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                if self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                left = self.cut_after_bytes if left is None or self.cut_after_bytes is None else left
                if left is not None and left <= len(chunk):
                    writer.write(chunk[:left])
                    break
                left = None if left is None else left - len(chunk)
                writer.write(chunk)
                self.carried_bytes += len(chunk)
                await writer.drain()
        with suppress(OSError):
            await writer.drain()
        writer.close()

    def _abort(self, writer: asyncio.StreamWriter) -> None:
        """End with a reset, as a broken line does, not with an orderly end."""
        self._open.discard(writer)
        held = writer.get_extra_info("socket")
        if held is not None and held.fileno() >= 0:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    def _abort_all(self) -> None:
        for writer in tuple(self._open):
            self._abort(writer)
