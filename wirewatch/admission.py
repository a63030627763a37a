"""Whether the Kafka cluster lets us in, and if not, why, in a second: kafka-python tries for long and
then says only that it could not.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time

from wirewatch.kafka import aiokafka_options, bootstrap_servers
from wirewatch.settings import PREFIX, KafkaSettings

SETTING = f"{PREFIX}KAFKA__"
ATTEMPT_SECONDS = 5.0
PATIENCE_SECONDS = 5.0
RETRY_SECONDS = 0.5
CLOSING_SECONDS = 0.05
_ANOTHER_NAME = f"write the name that it was made for in {SETTING}BOOTSTRAP_SERVERS"
MENDS_OF_CERTIFICATES = {10: "renew it on the broker", 62: _ANOTHER_NAME, 64: _ANOTHER_NAME}
"""By OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED, _HOSTNAME_MISMATCH and _IP_ADDRESS_MISMATCH."""


class NotAdmittedError(Exception):
    """No broker answers, or none lets us in. The message says why and which setting to look at."""


def ensure_admitted(kafka: KafkaSettings, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Return once one of the brokers has let us in: connected, TLS agreed on, user known.

    A broker that is not there yet is waited for; one that refuses us is not. Raises `NotAdmittedError`,
    and `wirewatch.settings.ConfigurationError` where the settings can't be used. No password is told.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        refusals = asyncio.run(_refusals(kafka))
        if not refusals:
            return
        if all(final for _, final in refusals) or time.monotonic() > deadline:
            raise NotAdmittedError("\n".join(why for why, _ in refusals))
        time.sleep(RETRY_SECONDS)


async def _refusals(kafka: KafkaSettings) -> list[tuple[str, bool]]:
    """Why each broker refuses us, and whether that is final; empty as soon as one does not."""
    from aiokafka.conn import create_conn
    from aiokafka.protocol.metadata import MetadataRequest

    options = aiokafka_options(kafka)
    del options["bootstrap_servers"]
    refusals = []
    for server in bootstrap_servers(kafka):
        host, _, port = server.rpartition(":")
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                connection = await create_conn(host.strip("[]"), int(port), **options)
                await connection.send(MetadataRequest([]))  # what a broker answers only those it knows
        except Exception as error:
            why, final = _why(error, kafka)
            refusals.append((f"Kafka at {server} {why}", final))
        else:
            connection.close()
            await asyncio.sleep(CLOSING_SECONDS)
            return []
    return refusals


def _why(error: BaseException, kafka: KafkaSettings) -> tuple[str, bool]:
    """What went wrong in words, with what to look at; and whether trying again is of no use."""
    tls = next((each for each in (error, error.__cause__) if isinstance(each, ssl.SSLError)), None)
    if tls is not None:
        return _why_no_tls(tls, kafka), True
    if type(error).__name__ == "SaslAuthenticationFailed":
        return _why_not_this_user(kafka), True
    if type(error).__name__ == "UnsupportedSaslMechanismError":
        return f"does not offer {kafka.sasl_mechanism}: correct {SETTING}SASL_MECHANISM", True
    return _why_no_answer(error, kafka), False


def _why_no_answer(error: BaseException, kafka: KafkaSettings) -> str:
    if isinstance(error, TimeoutError):
        return f"does not answer: is {SETTING}BOOTSTRAP_SERVERS right, and no firewall between?"
    if isinstance(error, socket.gaierror):
        return f"is not known by that name: correct {SETTING}BOOTSTRAP_SERVERS"
    if isinstance(error, ConnectionRefusedError):
        return f"is not there (connection refused): start it, or correct {SETTING}BOOTSTRAP_SERVERS"
    return (
        f"closes the connection: does it expect {SETTING}SECURITY_PROTOCOL={kafka.security_protocol} there?"
    )


def _why_not_this_user(kafka: KafkaSettings) -> str:
    return (
        f"does not let in user {kafka.sasl_username} by {kafka.sasl_mechanism}: correct "
        f"{SETTING}SASL_USERNAME, {SETTING}SASL_PASSWORD or {SETTING}SASL_MECHANISM"
    )


def _why_no_tls(error: ssl.SSLError, kafka: KafkaSettings) -> str:
    said = str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        mend = MENDS_OF_CERTIFICATES.get(error.verify_code) or (
            f"set {SETTING}SSL_CA_FILE to the PEM file of the authority that signed it "
            f"(now {kafka.ssl_ca_file or 'those of the system'})"
        )
        return f"has a certificate that is not trusted ({error.verify_message}): {mend}"
    if "CERTIFICATE" in said.upper() and "ALERT" in said.upper():
        return f"wants a certificate of ours ({said}): set {SETTING}SSL_CERT_FILE and {SETTING}SSL_KEY_FILE"
    return f"does not speak TLS there ({said}): correct the port, or {SETTING}SECURITY_PROTOCOL"
