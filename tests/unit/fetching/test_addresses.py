"""Which addresses are in the open internet."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address

import pytest

from producers.fetching import FetchError
from producers.fetching.addresses import checked_addresses, is_public, literal_address
from tests.site.names import resolve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.5",
        "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "fc00::1", "fd12::1",
        "ff02::1", "ff0e::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        "64:ff9b:1::1", "2002:7f00:1::", "2001:0:4136:e378::1", "100::1",
    ],
)  # fmt: skip
def test_what_is_not_in_the_open_internet(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"])
def test_what_is_in_the_open_internet(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "1.2.3.4.", "1.2.3.999", "a.1"]
)
def test_a_number_that_is_no_address_in_full_is_refused(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        literal_address(host)
    assert caught.value.reason == "bad_url"


def test_names_with_numbers_are_names() -> None:
    assert literal_address("24.example.com") is None
    assert literal_address("0xdeadbeef.com") is None
    assert literal_address("8.8.8.8") == ip_address("8.8.8.8")


def test_one_private_address_among_others_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(
        monkeypatch,
        {"news.example.com": [["8.8.8.8", "10.0.0.1"]], "well.example.com": [["8.8.8.8", "8.8.4.4"]]},
    )
    with pytest.raises(FetchError) as caught:
        asyncio.run(checked_addresses("news.example.com", 443, allow_private=False))
    assert caught.value.reason == "private_address"
    assert asyncio.run(checked_addresses("well.example.com", 443, allow_private=False)) == [
        "8.8.8.8",
        "8.8.4.4",
    ]


def test_a_name_without_address_is_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, {})
    with pytest.raises(FetchError) as caught:
        asyncio.run(checked_addresses("gone.example.com", 443, allow_private=False))
    assert caught.value.reason == "connection_failed"
