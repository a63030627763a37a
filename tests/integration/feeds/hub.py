"""A hub of our own on the local site: it verifies what it is asked and pushes, signed as it is told."""

from __future__ import annotations

import hmac
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode

import httpx

from tests.site.site import Answer, Asked, Site

CHALLENGE = "a-challenge-that-nobody-guesses"


@dataclass
class Hub:
    """Keeps what it was asked in `forms`, and the answers to its verifications in `verified`."""

    site: Site
    lease_seconds: int = 3600
    is_silent: bool = False
    forms: list[dict[str, str]] = field(default_factory=list)
    verified: list[tuple[int, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.site.url + "/hub"

    def open(self) -> Hub:
        self.site.serve("/hub", self._asked)
        return self

    def _asked(self, asked: Asked) -> Answer:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        self.forms.append(form)
        if not self.is_silent:
            threading.Thread(target=self.verify, args=(form,), daemon=True).start()
        return Answer("", 202)

    def verify(self, form: dict[str, str], **instead: str) -> tuple[int, str]:
        query = {
            "hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": CHALLENGE,
            "hub.lease_seconds": str(self.lease_seconds),
        } | instead  # fmt: skip
        answer = httpx.get(f"{form['hub.callback']}?{urlencode(query)}", trust_env=False)
        self.verified.append((answer.status_code, answer.text))
        return answer.status_code, answer.text

    async def push(self, body: str, *, secret: str | None = None, method: str = "sha256") -> int:
        form = self.forms[0]
        data = body.encode()
        digest = hmac.new((secret or form["hub.secret"]).encode(), data, method).hexdigest()
        headers = {"content-type": "application/rss+xml", "x-hub-signature": f"{method}={digest}"}
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.post(form["hub.callback"], content=data, headers=headers)).status_code
