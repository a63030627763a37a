"""What the fuzzer once found, as small as it could be made."""

from __future__ import annotations

import pytest

from tests.fuzz.targets import load
from tests.pace import within

PAST = {
    "a tab in a feed's address": ("url", b"https://example.\t#!"),
    "an address that outgrows the limit once escaped": ("url", b"https://google.com/amp/s/example.org/x-1s" + b"*" * 2700),
    "a slash at the end of a callback's path": ("callback", b"G\ntoken/\n\n\n"),
    "a slash at the end of the push endpoint's path": ("push", b"articles/\n\n\n\n\n"),
    "thirty thousand broken records": ("warc", b"WARC/1." * 36_000),
    "eighty thousand beginnings of gzip": ("warc", b"WARC/1.0\r\n\r\n" + b"\x1f\x8b\x08" * 80_000),
    "a line break within an escaped ampersand": ("url", b"http://&a\rmp;#!/"),
    "a name in punycode that is none": ("url", b"http://xn--\x82\x99-ttp/g"),
    "an empty port after a name in punycode": ("url", b"http://xn--gbh:/f"),
    "a user in a path without a host": ("url", b"http:@p/m"),
    "a user behind an AMP cache": ("url", b"http://g.cdn.ampproject.org/c/@.o"),
    "an AMP cache with two slashes": ("url", b"http://w.cdn.ampproject.org//s/e.o"),
    "a mark of phones before a port": ("url", b"http://m.org:4/o"),
    "a question mark in the name of an AMP cache": ("url", b"http://www-#!example-org.cdn.ampproject.org/c/s/www.example.org/a-slug-12/amp"),
    "a prefix that stands for nothing": ("watchlist-ofac-xml", b"<sdn:List></sdn:List>"),
    "a control character behind an AMP cache": ("url", b"https://google.com/amp/s/\xc3\xa7\x13google.com/amp/s"),
    "a rule with a key that is nothing": ("rules", b"id: a\nwatch: articles\nquery:\n m: {~}"),
    "a description with a long indented line": ("rules", b"id: n\nwatch: sanctions\ntype: designation\ntitle: t\ndescription: >\n n\n  imposed sanctions tther sources and raise no alert; the sanctions index keeps each with the reason .\n"),
    "a settings file of brackets": ("settings", b"y=" + b"[" * 3000),
    "a setting's name in thousands of parts": ("settings", b"a" + b".51" * 15_000 + b" = 1"),
    "a host of the desk that is a secret": ("settings", b'[desk]\nhost="a-secret-nobody-may-see"'),
    "a rule whose fault quotes the whole file": ("rules", b"id: a\nwatch: articles\nwords: x\ncount: " + b"9" * 30_000),
    "a channel whose fault quotes the whole file": ("channels", b"desk: {type: slack, url: " + b"x" * 30_000 + b"}"),
    "an issuer that begins with the letter that joins": ("enrich-model", b"\xd8\xb6\xd8\xaa \xd9\x88\xd8\xb2\xd8\xd8\xa3\xd9\x85\xd9\x8a\xd8\xb1\xd9\x83\xd9\x8a\xd8\xd8\xb9\xd9\x82\xd9\xd9\xd8\x88"),
    "an event told by letters that folding drops": ("enrich-model", b"Washington lif\xd9\x88\xd8\xa7\xd8\xb4\xd9\x86e Wrk, an officialsaid. The"),
    "a sentence of dots": ("enrich", b"The ministry" + b"." * 60_000 + b"a"),
    "an author who is nothing but at signs": ("feed", b"<rss><channel><item><title>a</title><author>" + b"a@" * 100_000 + b"</author></item></channel></rss>"),
    "a broken feed with a long base address": ("feed", b'<rss xml:base="https://e.org/' + b"a" * 60_000 + b'">' + b"<x>" * 16_000 + b"<item><title>a &</title>"),
    "a feed with a long base address": ("feed", b'<rss xml:base="https://e.org/' + b"a" * 125_000 + b'">' + b"<item><link>b</link></item>" * 4_800 + b"</rss>"),
    "a feed of base addresses within each other": ("feed", b"<rss>" + (b'<a xml:base="' + b"a" * 450 + b'/">') * 200 + b"<item><link>b</link></item>" * 5_000 + b"</a>" * 200 + b"</rss>"),
    "a channel whose variable has a name without end": ("channels", b"desk: {type: slack, url: $A" + b"9" * 9_000 + b"}"),
    "a Link header of blanks": ("page", b"text/html\n<https://www.example.org/a>; rel =" + b" " * 60_000 + b"\n<p>a</p>"),
    "a page of nothing but elements": ("html", b"<article>" + b"<span>a </span>" * 130_000),
    "a page of elements deep below others": ("html", b"<div>" * 140 + b"<p>a</p>" * 19_000),
    "a page of nothing but links": ("html", b"<p>" + b"<a href=x>a</a> " * 9_900),
    "a fetched page of nothing but links": ("page", b"text/html\n\n<p>" + b"<a href=x>a</a> " * 9_900),
    "a letter and its accent, with no character between them": ("html", b"<meta >\xc3\x9c\xf4\x8f\xbf\x80\xcc\x80"),
    "a rule described by a line break of another kind": ("rules", b'{"id":"a","watch":"sanctions","words":"x","description":"\\u0085","owner"}'),
    "a day and a month that are the same, and neither": ("dates", b"2026 26-26-6"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), PAST.values(), ids=PAST)
def test_it_is_read_or_refused_and_soon(name: str, data: bytes) -> None:
    with within(3):
        load(name).read(data)
