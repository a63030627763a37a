"""What desk and push endpoint listen on."""

from __future__ import annotations

import socket

from producers.serving.server import listener


def test_an_answer_in_two_parts_is_not_held_back() -> None:
    with (
        listener("127.0.0.1", 0, 4) as opened,
        socket.create_connection(opened.getsockname()),
        opened.accept()[0] as taken,
    ):
        assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
