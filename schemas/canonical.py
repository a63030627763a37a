"""One form for all the URLs that lead to one page, for comparing and never for fetching.

Two ids for one article are found again as copies; one id for two articles would lose one of them. So
only what can't name an article is taken away, and what is in doubt tells apart. A page's own word
(`rel=canonical`) is better than these rules, where the page is at hand.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from courlan import extract_domain
from courlan.clean import normalize_url

URL_CHARS_MAX = 8_000
"""RFC 9110 asks servers to take 8,000 octets; what is longer is no address that anyone was given."""
TIMES_MAX = 4
_EDGES = "".join(map(chr, range(0x21))) + "\u00a0\u200e\u200f\ufeff"
_BREAKS = str.maketrans("", "", "\t\r\n")  # urlsplit leaves them out, so they must go first
_AMPERSAND = re.compile(r"&(?:amp;)+", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_STRAY_PERCENT = re.compile(r"%(?![0-9a-f]{2})", re.IGNORECASE)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_DEFAULT_PORT = re.compile(r":(?:80|443)?$")

# Names that only ever track, by those who append them. `id`, `cid`, `uid`, `ref`, `source` may name the
# article: they stay.
_TRACKER = re.compile(
    r"(?:utm|itm|mtm|pk|piwik|matomo|mkt|mc|ga|hsa|oly|vero|at|stm|wt|guce|fb_action|amp)_"  # campaigns
    r"|(?:(?:fb|g|d|y|ys|tw|tt)cl|(?:ms|yandexu)?clk|gbra|wbra|igsh|irclick|rb_click)id$"  # clicks
    r"|_(?:ga|gl|kx|hsenc|hsmi|openstat|branch_match_id|ym_debug)$|__(?:hstc|hssc|hsfp|twitter_impression)$"
    r"|(?:wt\.(?:mc_id|tsrc|nav|z_\w+)|gclsrc|gad_(?:source|campaignid)|srsltid|dm_i|mkwid|epik|mibextid"
    r"|li_fat_id|wickedid|cjevent|sscid|tblci|oborigurl|dicbo|ncid|ocid|cmpid|xtor|taid|smid|smtyp|spm"
    r"|scm|ftag|guccounter|hsctatracking|ml_subscriber(?:_hash)?|nr_email_referer|ref_(?:src|url)"
    r"|fb_(?:source|ref)|sr_share|sharetype|trk(?:campaign|info)?|ns_(?:campaign|mchannel|source|linkname)"
    r"|intcmp|s_cid|usqp|aoh)$",
    re.IGNORECASE,
)
_SESSION = re.compile(
    r"(?:phpsessid|jsessionid|aspsessionid[a-z]*|asp\.net_sessionid|oscsid|zenid|xtcsid|cfid|cftoken"
    r"|sess(?:ion)?_?id)(?:=|$)|(?:sid|s)=(?:[0-9a-f]{32}|[0-9a-v]{26})$",
    re.IGNORECASE,
)
_VIEW = re.compile(
    r"(?:amp|_amp|print|printable|printmode|print_?view|printer_?friendly)(?:=(?:1|true|yes|y|on|amp|print)?)?$"
    r"|(?:view|format|mode|output|outputtype|version|template|layout|do|action)"
    r"=(?:amp|amp-type|print|printable|print_?view|printer_?friendly)$",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(
    r"(?:;|%3b)(?:jsessionid|phpsessid|sid)=(?:(?!%3b)[^/;])*|/(?:\(|%28)[a-z](?:\(|%28)[0-9a-z]+(?:(?:\)|%29)){2}",
    re.IGNORECASE,
)
_VIEW_EXTENSION = re.compile(r"(?:\.(?:amp|print))+(?=(?:\.html?)?$)", re.IGNORECASE)
_VIEW_SEGMENTS = {"amp", "print", "printable", "printview", "druckversion", "imprimir", "imprimer"}
_SLUG = re.compile(r"[\d_%-]|[^\x00-\x7f]")
_FOR_PHONES = {"m", "mobile", "mobil", "mob", "wap", "touch", "amp"}
_LABEL = r"[\w-]+"  # no escapes: what is none of these now is escaped in the end
_AMP_CACHE = re.compile(
    r"(?:(?:[^/]+\.cdn\.ampproject\.org/[a-z]|[^/]+\.bing-amp\.com/[a-z]|(?:[^/]+\.)?google\.[a-z.]+/amp)"
    rf"/(?:s/)?)+(?={_LABEL}(?:\.{_LABEL})+(?:/|$))",
    re.IGNORECASE,
)


def canonical_url(url: str) -> str | None:
    """The URL's canonical form, or `None` if it names no page.

    Scheme https; host in lower case, without user, default port, final dot or a mark of phones
    (`m.`, `amp.`); no AMP, print or session part; dot segments resolved; no tracking parameter,
    parameters sorted; no fragment (but `#!…` and `#/…`, which are routes); no trailing slash. Escapes of
    letters, digits and `-._~` are written out (RFC 3986, 6.2.2.2); other bytes are never decoded, since
    they need not be UTF-8. `None` for anything that is not http(s), can't be parsed, is absurdly long, or
    has neither path nor query: a home page is shared by all its articles. Never raises.
    """
    if len(url) > URL_CHARS_MAX:
        return None
    try:
        canonical = _once(_AMPERSAND.sub("&", url.strip(_EDGES).translate(_BREAKS)))
        for _ in range(TIMES_MAX):  # a cache within another, or seen only now that the rest is put right
            if canonical is None or canonical == (again := _once(canonical)):
                break
            canonical = again
    except ValueError:  # broken brackets, ports and encodings
        return None
    return canonical if canonical is not None and len(canonical) <= URL_CHARS_MAX else None


def _once(url: str) -> str | None:
    return _canonical(_unwrapped(urlsplit(url)))


def _canonical(parts: SplitResult) -> str | None:
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.port == 0:
        return None
    host, _, path = _place(parts).partition("/")
    host, path = _percent(_host(host)), _percent(_page_path(f"/{path}"))
    query = "&".join(sorted(map(_percent, filter(_names_the_page, parts.query.split("&")))))
    route = _percent(parts.fragment) if re.match(r"[!/].", parts.fragment) else ""
    if not host or not (path or query or route):
        return None
    return f"https://{host}{path}{'?' * bool(query)}{query}{'#' * bool(route)}{route}"


def _place(parts: SplitResult) -> str:
    """Host and path, as courlan normalises them."""
    whole = SplitResult(parts.scheme, _plain(parts.netloc), parts.path, query="", fragment="")
    return normalize_url(whole, trailing_slash=False).partition("://")[2]


def _unwrapped(parts: SplitResult) -> SplitResult:
    """The page's own place, without a user, where an AMP cache shows it under another's name."""
    if not parts.netloc:
        return parts  # or the path's beginning would be taken for a host
    place = parts.netloc.rpartition("@")[2] + parts.path
    cache = _AMP_CACHE.match(place)
    host, slash, path = place[cache.end() if cache else 0 :].partition("/")
    return parts._replace(netloc=_DEFAULT_PORT.sub("", host), path=slash + path)


def _host(host: str) -> str:
    """The host that a desk's browser is sent to: `m.example.com` is www's, `ar.m.example.com` ar's."""
    host = _DEFAULT_PORT.sub("", host.lower()).rstrip(".")
    labels = host.split(".")
    if not _FOR_PHONES & set(labels[:2]):
        return host
    name, colon, port = host.partition(":")
    registered = extract_domain(f"https://{name}") or name
    kept = [label for label in name.removesuffix(registered).split(".") if label and label not in _FOR_PHONES]
    return f"{'.'.join(kept) or 'www'}.{registered}{colon}{port}" if name != registered else host


def _page_path(path: str) -> str:
    """The path without sessions, dot segments and what only chooses a view of the page."""
    before = None
    while path != before:
        before = path
        path = _without_view(_without_dots(_SESSION_IN_PATH.sub("", _plain(path)).rstrip("/")))
    return path


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for segment in re.sub("/{2,}", "/", path).split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "".join(f"/{segment}" for segment in kept)


def _without_view(path: str) -> str:
    """`/a-slug/amp`, `/print/a-slug`, `/a-slug.amp.html`; but `/tags/amp` has no slug, and stays."""
    segments = path.split("/")[1:]
    if len(segments) > 1 and segments[-1].lower() in _VIEW_SEGMENTS and _SLUG.search(segments[-2]):
        return path[: path.rindex("/")]
    if len(segments) > 1 and segments[0].lower() in _VIEW_SEGMENTS and _SLUG.search(segments[-1]):
        return path[len(segments[0]) + 1 :]
    return _VIEW_EXTENSION.sub("", path) if _SLUG.search(segments[-1] if segments else "") else path


def _names_the_page(parameter: str) -> bool:
    name = parameter.partition("=")[0]
    return bool(parameter) and not (
        _TRACKER.match(name) or _SESSION.match(parameter) or _VIEW.match(parameter)
    )


def _plain(part: str) -> str:
    """Letters, digits and `-._~` written out, unless the escapes are broken, where no two readers agree."""
    if _STRAY_PERCENT.search(part):
        return part
    return _ESCAPE.sub(lambda escape: _written_out(escape[0]), part)


def _written_out(escape: str) -> str:
    letter = chr(int(escape[1:], 16))
    return letter if _UNRESERVED.fullmatch(letter) else escape


def _percent(part: str) -> str:
    return _ESCAPE.sub(lambda escape: escape[0].upper(), quote(part, safe="%/:;,!=@&+$*'()~-._[]?{}|#"))
