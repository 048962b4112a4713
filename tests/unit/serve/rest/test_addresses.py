from __future__ import annotations

import pytest

from mien.serve.addresses import HOST, has_port, is_address, is_loopback, split


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "localhost.evil.example", "127.0.0.1.nip.io", ""])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_split_knows_the_ports_of_schemes() -> None:
    assert split("Example.org.", secure=False) == ("example.org", 80)
    assert split("example.org", secure=True) == ("example.org", 443)
    assert split("[::1]:8765", secure=False) == ("::1", 8765)


@pytest.mark.parametrize("given", ["a b", "a/b", "a:b", "user@host", "[::1", "a:123456", "", "a\x00"])
def test_what_is_no_host(given: str) -> None:
    assert HOST.fullmatch(given) is None


def test_ports_and_addresses() -> None:
    assert has_port("a:80")
    assert not has_port("a")
    assert is_address("10.0.0.1")
    assert not is_address("evil.example")
