"""An authority and the certificates it signs, made anew for each run by the `openssl` program."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

DAYS = 2
HERE = "IP:127.0.0.1,DNS:localhost"


@dataclass(frozen=True)
class Certificate:
    """PEM files of a certificate and its key (PKCS #8)."""

    cert: Path
    key: Path


@dataclass(frozen=True)
class Authority:
    """A certificate authority of its own; its certificate is what a client is told to trust."""

    ca: Certificate

    def sign(self, name: str, hosts: str = HERE, days: int = DAYS) -> Certificate:
        """A certificate for `CN=name` of servers and clients alike, good for `hosts`; with `days` -1 it expired
        yesterday.
        """
        folder = self.ca.cert.parent
        made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
        request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={hosts}\n", encoding="ascii")
        _openssl("req", "-new", *_new_key(made.key), "-subj", f"/CN={name}", "-out", request)
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.ca.cert, "-CAkey", self.ca.key, "-CAcreateserial",
            "-days", days, "-extfile", extensions, "-out", made.cert,
        )  # fmt: skip
        return made


def authority(folder: Path) -> Authority:
    """A new authority, its files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    ca = Certificate(folder / "ca.pem", folder / "ca.key")
    _openssl(
        "req", "-x509", *_new_key(ca.key), "-subj", f"/CN=authority {folder.name}", "-days", DAYS, "-out", ca.cert
    )  # fmt: skip
    return Authority(ca)


def _new_key(path: Path) -> tuple[object, ...]:
    return "-newkey", "rsa:2048", "-nodes", "-keyout", path


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)
