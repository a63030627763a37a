"""Small web archives, written by warcio."""

from __future__ import annotations

import io

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2026-03-01T06:00:00Z"
DATE_MS = 1_772_344_800_000


def page(words: str) -> bytes:
    return f"<html><head><title>{words}</title></head><body><p>{words}</p></body></html>".encode()


class Archive:
    """Records one after another; `offsets` is where each begins, `data` all of them."""

    def __init__(self, *, gzip: bool = True) -> None:
        self._stream = io.BytesIO()
        self._writer = WARCWriter(self._stream, gzip=gzip)
        self.offsets: list[int] = []

    def add(
        self, url: str, body: bytes, *, content_type: str = "text/html; charset=utf-8", status: str = "200 OK",
        date: str = DATE, kind: str = "response", **headers: str,
    ) -> Archive:  # fmt: skip
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        head = StatusAndHeaders(status, [("Content-Type", content_type), *named], protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), http_headers=head, warc_headers_dict={"WARC-Date": date}
        )
        self.offsets.append(self._stream.tell())
        self._writer.write_record(record)
        record.raw_stream.close()
        return self

    def info(self) -> Archive:
        self.offsets.append(self._stream.tell())
        self._writer.write_record(self._writer.create_warcinfo_record("a.warc.gz", {"software": "tests"}))
        return self

    @property
    def data(self) -> bytes:
        return self._stream.getvalue()
