"""An authority and the certificates it signs, made anew for each run by the `openssl` program."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

DAYS = "2"


@dataclass(frozen=True)
class Certificate:
    """PEM files of a certificate and its key (PKCS #8)."""

    cert: Path
    key: Path


@dataclass(frozen=True)
class Authority:
    """A certificate authority of its own; its certificate is what a client is told to trust."""

    ca: Certificate

    def sign(self, name: str) -> Certificate:
        """A certificate for `CN=name`, good for 127.0.0.1 and localhost, of servers and clients alike."""
        folder = self.ca.cert.parent
        made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
        request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
        extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n", encoding="ascii")
        _openssl("req", "-new", *_new_key(made.key), "-subj", f"/CN={name}", "-out", request)
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.ca.cert, "-CAkey", self.ca.key, "-CAcreateserial",
            "-days", DAYS, "-extfile", extensions, "-out", made.cert,
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
