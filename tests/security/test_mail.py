"""Mail over TLS: no password and no word of an alert goes to a server that can't show who it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from sinks.alerts.channels import ChannelError
from sinks.alerts.mail import MailChannel, Server
from tests.integration.secured.certificates import Authority, authority
from tests.security.post_office import Office, open_office
from tests.unit.sinks.test_alert_messages import _notice

PASSWORD = "a most secret word"
Security = Literal["starttls", "tls"]
Send = Callable[..., None]

if shutil.which("openssl") is None:
    pytest.skip("no openssl program", allow_module_level=True)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("mail") / "trusted")


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch, trusted: Authority) -> Send:
    """`send(office, security)`: one alert, by a channel that trusts our authority as it would the system's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.ca.cert))

    def sent(office: Office, security: Security, password: str = PASSWORD) -> None:
        server = Server("127.0.0.1", office.port, security, "wirewatch", password)
        MailChannel("mail", server, "w@example.org", ["d@example.org"]).send(_notice())

    return sent


def assert_nothing_told(office: Office) -> None:
    assert office.passwords() == []
    assert office.mails == []
    assert not any(line.upper().startswith(("AUTH", "MAIL", "DATA")) for line in office.clear)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_password_and_mail_go_under_tls(security: Security, trusted: Authority, send: Send) -> None:
    with open_office(Office(PASSWORD, at_once=security == "tls"), trusted.sign("server")) as office:
        send(office, security)
    assert office.passwords() == [PASSWORD]
    assert len(office.mails) == 1
    said_in_the_clear = [line.split()[0].upper() for line in office.clear]
    assert said_in_the_clear == ([] if security == "tls" else ["EHLO", "STARTTLS"])


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["over", "of another host", "of a stranger"])
def test_nothing_is_told_to_who_can_not_show_who_they_are(
    fault: str, security: Security, trusted: Authority, send: Send, tmp_path: Path
) -> None:
    certificate = {
        "over": lambda: trusted.sign("over", days=-1),
        "of another host": lambda: trusted.sign("elsewhere", hosts="DNS:mail.example"),
        "of a stranger": lambda: authority(tmp_path / "theirs").sign("server"),
    }[fault]()
    with (
        open_office(Office(PASSWORD, at_once=security == "tls"), certificate) as office,
        pytest.raises(ChannelError) as caught,
    ):
        send(office, security)
    assert not caught.value.refused, "it may come back with a certificate that is right"
    assert_nothing_told(office)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_where_no_tls_is_spoken_nothing_is_told(security: Security, trusted: Authority, send: Send) -> None:
    with (
        open_office(Office(PASSWORD, offers=False), trusted.sign("server")) as office,
        pytest.raises(ChannelError),
    ):
        send(office, security)
    assert_nothing_told(office)


def test_what_was_said_before_tls_is_not_heard_as_under_it(trusted: Authority, send: Send) -> None:
    with open_office(Office(PASSWORD, injected="250 AUTH CRAM-MD5"), trusted.sign("server")) as office:
        send(office, "starttls")
    assert office.passwords() == [PASSWORD]


def test_a_wrong_password_is_told_without_it(trusted: Authority, send: Send) -> None:
    wrong = "marker-that-nobody-should-read"
    with (
        open_office(Office(PASSWORD), trusted.sign("server")) as office,
        pytest.raises(ChannelError) as caught,
    ):
        send(office, "starttls", wrong)
    assert office.mails == []
    assert wrong not in f"{caught.value} {caught.value.__cause__!r}"
