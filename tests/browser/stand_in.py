"""A desk without a cluster: the API's routes over documents in memory, under the desk's own headers."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.browser import newsroom
from wirewatch.desk.guard import SECURITY_HEADERS

PAGE = Path(__file__).resolve().parents[2] / "wirewatch" / "desk" / "page"
RULE = 'id: new-sanctions-mention\nwatch: sanctions\nquery:\n  match_all: {}\ntitle: "$summary"\n'
STATE = {
    "stages": [{"group": "wirewatch-intake", "topic": "articles.raw", "behind": 0}, {"group": "wirewatch-understanding", "topic": "articles.clustered", "behind": 1204}],
    "feeds": [{"url": "https://feeds.example/a", "title": "صدى الميناء", "status": "ok", "next_at": newsroom.NOW.isoformat(), "failures": 0},
              {"url": "https://feeds.example/b", "title": "Hafenbote", "status": "503", "next_at": newsroom.NOW.isoformat(), "failures": 4}],
    "counts": {"articles": 100000, "alerts": 3},
}  # fmt: skip


class StandIn:
    """What is served, which a test may change, and what was sent to it."""

    def __init__(self) -> None:
        self.articles = {article.id: newsroom.plain(article) for article in newsroom.ARTICLES}
        first, *others = newsroom.ARTICLES
        self.cards = [newsroom.as_card(first, "Le Quai", "Hafenbote"), *map(newsroom.as_card, others)]
        self.cards[0]["snippet"] = {
            "text": "A spokesman in Geneva",
            "marks": [[15, 21]],
            "title_marks": [[0, 7]],
        }
        self.alerts = [newsroom.plain(alert) for alert in newsroom.ALERTS]
        self.designation = newsroom.plain(newsroom.DESIGNATION)
        self.state: dict[str, Any] = STATE
        self.put: list[str] = []
        self.asked: list[str] = []
        self.url = ""
        self._to_send: list[str] = []
        self._server: uvicorn.Server | None = None

    def push(self, kind: str, data: object) -> None:
        """Send an event to whoever listens."""
        self._to_send.append(f"event: {kind}\ndata: {json.dumps(data)}\n\n")

    async def found(self, request: Request) -> Response:
        self.asked.append(str(request.url.query))
        q = request.query_params.get("q", "")
        if q.endswith(":"):
            error = {
                "reason": "faulty_query",
                "detail": "a value is missing",
                "at": len(q),
                "parameter": "q",
                "mend": "write one",
            }
            return JSONResponse({"error": error}, status_code=400)
        facets = {
            "language": [{"value": "ar", "count": 1}, {"value": "en", "count": 1}],
            "place": [{"value": "Norland", "count": 3}],
        }
        return JSONResponse(
            {
                "total": len(self.cards),
                "stories": len(self.cards),
                "cards": self.cards,
                "facets": facets,
                "cursor": None,
                "is_cut": True,
                "offers_meaning": True,
            }
        )

    async def one(self, request: Request) -> Response:
        found = self.articles.get(request.path_params["id"])
        if found is None:
            return JSONResponse(
                {"error": {"reason": "not_found", "detail": "there is no such article"}}, status_code=404
            )
        return JSONResponse({"article": found})

    async def tried(self, request: Request) -> Response:
        text = (await request.json())["yaml"]
        if "quarry" in text:
            line = text[: text.index("quarry")].count("\n") + 1
            faults = [{"line": line, "message": "the rule: 'quarry' was unexpected"}]
            return JSONResponse(
                {"error": {"reason": "faulty_rule", "detail": "faulty", "faults": faults}}, status_code=422
            )
        newest = [
            {
                "id": "article-ar",
                "title": newsroom.TOLD[1][2],
                "text": "…",
                "language": "ar",
                "source": "صدى الميناء",
            }
        ]
        return JSONResponse({"matches": 3, "alerts": 1, "quiet": 1, "is_cut": False, "newest": newest})

    async def applied(self, request: Request) -> Response:
        self.put.append((await request.json())["yaml"])
        return JSONResponse({"rule": request.path_params["id"], "what": "changed"})

    async def stream(self, _: Request) -> Response:
        async def events() -> AsyncIterator[str]:
            sent = len(self._to_send)
            yield ": here\n\n"
            while self._server is not None and not self._server.should_exit:
                fresh = self._to_send[sent:]
                for event in fresh:
                    yield event
                sent += len(fresh)
                await asyncio.sleep(0.05)

        return StreamingResponse(events(), media_type="text/event-stream")

    def app(self) -> Starlette:
        def always(name: str) -> Any:
            async def answer(_: Request) -> Response:
                return JSONResponse(getattr(self, f"_{name}")())

            return answer

        return Starlette(
            routes=[
                Route("/api/articles", self.found),
                Route("/api/articles/{id}/similar", always("similar")),
                Route("/api/articles/{id}", self.one),
                Route("/api/alerts", always("alerts")),
                Route("/api/designations", always("designations")),
                Route("/api/designations/{id}", always("ledger")),
                Route("/api/rules", always("rules")),
                Route("/api/rules/test", self.tried, methods=["POST"]),
                Route("/api/rules/{id}", self.applied, methods=["PUT"]),
                Route("/api/state", always("state")),
                Route("/api/searches", always("searches")),
                Route("/api/stream", self.stream),
                Mount("/", StaticFiles(directory=PAGE, html=True)),
            ]
        )

    def _similar(self) -> Any:
        return {"cards": self.cards[:2]}

    def _alerts(self) -> Any:
        return {"total": len(self.alerts), "alerts": self.alerts}

    def _designations(self) -> Any:
        flat = self.designation | {
            "issuers": ["Norland"],
            "targets": ["Blue Keel"],
            "counts": ["2 entities"],
            "sources": ["a", "b"],
            "languages": ["ar", "en"],
        }
        return {"total": 1, "designations": [flat]}

    def _ledger(self) -> Any:
        return {"designation": self.designation}

    def _rules(self) -> Any:
        return {
            "rules": [
                {
                    "id": "new-sanctions-mention",
                    "severity": "critical",
                    "enabled": True,
                    "description": "Somebody has imposed sanctions.",
                    "yaml": RULE,
                }
            ]
        }

    def _searches(self) -> Any:
        return {"searches": [{"name": "نورلاند", "question": {"q": "نورلاند", "language": ["ar"]}}]}

    def _state(self) -> Any:
        return self.state

    @contextmanager
    def serving(self) -> Iterator[StandIn]:
        """Serve on a free port of loopback."""
        headers = list(SECURITY_HEADERS.items())
        config = uvicorn.Config(
            self.app(),
            port=0,
            log_level="error",
            lifespan="off",
            headers=headers,
            timeout_graceful_shutdown=2,
        )
        self._server = server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.02)
        self.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join()
