"""Loopback ports for the services that a run starts."""

from __future__ import annotations

import socket

from wirewatch.local.process import free_port, free_ports


def test_no_two_are_the_same() -> None:
    found = free_ports(*[0] * 500)
    assert len(set(found)) == 500


def test_a_port_that_was_had_is_had_again_and_one_that_is_taken_is_not() -> None:
    had = free_port()
    assert free_ports(had, 0)[0] == had
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", had))
        taken.listen()
        assert had not in free_ports(had, had)


def test_a_port_with_connections_that_have_just_ended_is_had_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), server.accept()[0] as ours:
            ours.close()  # first: the port rests on this side
    assert free_port(port) == port
