"""Canonical URLs: one page under all its addresses is one, two pages never are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.canonical import canonical_url
from schemas.identity import article_id

PAGE = "https://www.example.com/2026/11/sanctions-on-fleet"

TRACKERS = """
utm_source utm_medium utm_campaign utm_term utm_content utm_id fbclid gclid dclid gbraid wbraid gclsrc gad_source
gad_campaignid srsltid msclkid yclid ysclid ttclid twclid igshid mibextid epik li_fat_id
mc_cid mc_eid mkt_tok _hsenc _hsmi __hstc __hssc __hsfp hsa_cam hsCtaTracking vero_id oly_enc_id oly_anon_id wickedid
rb_clickid irclickid cjevent sscid tblci obOrigUrl dicbo ncid ocid cmpid CMPID xtor taid smid smtyp spm scm ftag
guccounter guce_referrer ref_src ref_url fb_action_ids fb_source fb_ref sr_share __twitter_impression trk trkInfo
ns_campaign ns_mchannel WT.mc_id WT.tsrc at_medium at_campaign itm_source mtm_campaign pk_kwd piwik_campaign
matomo_source _ga _gl _openstat _branch_match_id s_cid intcmp dm_i ml_subscriber nr_email_referer amp_js_v usqp aoh
""".split()  # noqa: SIM905
SESSIONS = ["PHPSESSID=k3", "jsessionid=0A1", "ASPSESSIONIDQQBC=X", "sessionid=4", "session_id=4", "osCsid=9", "CFID=1&CFTOKEN=2",
            "sid=0123456789abcdef0123456789abcdef"]  # fmt: skip
VIEWS = [
    "amp",
    "amp=1",
    "_amp=true",
    "outputType=amp",
    "print=1",
    "print",
    "printable=yes",
    "view=print",
    "format=print",
]


@pytest.mark.parametrize("parameter", [*(f"{name}=x1" for name in TRACKERS), *SESSIONS, *VIEWS])
def test_what_only_tracks_or_shows_otherwise_is_no_part_of_the_address(parameter: str) -> None:
    assert canonical_url(f"{PAGE}?{parameter}") == PAGE
    assert canonical_url(f"{PAGE}?z=1&{parameter}&id=7") == f"{PAGE}?id=7&z=1"


@pytest.mark.parametrize(
    "parameter",
    ["id=7", "cid=7", "uid=7", "ref=7", "source=7", "p=7", "page=2", "s=sanctions", "sid=4711", "gcid=7", "dcid=7",
     "print=7", "amp=12", "view=video", "m=1", "lang=ar", "article", "ocidx=1", "spmx=1", "=7"],
)  # fmt: skip
def test_what_may_name_the_article_stays(parameter: str) -> None:
    assert canonical_url(f"{PAGE}?{parameter}") == f"{PAGE}?{parameter}"


@pytest.mark.parametrize(
    ("given_url", "canonical"),
    [
        # scheme, host, port, user
        ("HTTP://WWW.Example.COM:80/2026/11/sanctions-on-fleet/", PAGE),
        ("https://www.example.com:443/2026/11/sanctions-on-fleet", PAGE),
        ("https://www.example.com:/2026/11/sanctions-on-fleet", PAGE),
        ("https://www.example.com./2026/11/sanctions-on-fleet", PAGE),
        ("https://editor:pw@www.example.com/2026/11/sanctions-on-fleet", PAGE),
        ("https://www.example.com:8443/a", "https://www.example.com:8443/a"),
        # for phones
        ("https://m.example.com/2026/11/sanctions-on-fleet", PAGE),
        ("https://mobile.example.com/2026/11/sanctions-on-fleet", PAGE),
        ("https://amp.example.com/2026/11/sanctions-on-fleet", PAGE),
        ("https://m.example.co.uk/a", "https://www.example.co.uk/a"),
        ("https://ar.m.example.org/a", "https://ar.example.org/a"),
        ("https://m.news.example.co.kr/a", "https://news.example.co.kr/a"),
        ("https://m.fr/a", "https://m.fr/a"),
        ("https://mm.example.com/a", "https://mm.example.com/a"),
        # AMP
        (f"{PAGE}/amp", PAGE),
        (f"{PAGE}/amp/", PAGE),
        (f"{PAGE}.amp", PAGE),
        ("https://www.example.com/amp/2026/11/sanctions-on-fleet", PAGE),
        ("https://www.example.com/world-12.amp.html", "https://www.example.com/world-12.html"),
        ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/2026/11/sanctions-on-fleet/amp", PAGE),
        ("https://www-example-com.cdn.ampproject.org/v/s/amp.example.com/2026/11/sanctions-on-fleet?amp_gsa=1&usqp=x", PAGE),
        ("https://www.google.com/amp/s/www.example.com/2026/11/sanctions-on-fleet", PAGE),
        ("https://www.google.co.uk/amp/www.example.com/2026/11/sanctions-on-fleet", PAGE),
        ("https://www.example.com/tags/amp", "https://www.example.com/tags/amp"),
        ("https://www.example.com/amp", "https://www.example.com/amp"),
        ("https://www.example.com/guitar-amp", "https://www.example.com/guitar-amp"),
        # print
        (f"{PAGE}/print", PAGE),
        ("https://www.example.com/print/2026/11/sanctions-on-fleet", PAGE),
        (f"{PAGE}/druckversion", PAGE),
        ("https://www.example.com/print", "https://www.example.com/print"),
        ("https://www.example.com/media/print", "https://www.example.com/media/print"),
        # sessions in the path
        (f"{PAGE};jsessionid=0A1B2C.node7", PAGE),
        (f"{PAGE};jsessionid=0A1B2C?utm_source=x", PAGE),
        ("https://www.example.com/(S(lit3py55t21z5v55vlm25s55))/2026/11/sanctions-on-fleet", PAGE),
        ("https://www.example.com/a;v=1", "https://www.example.com/a%3Bv=1"),
        # fragments
        (f"{PAGE}#comments", PAGE),
        (f"{PAGE}#:~:text=oil%20price", PAGE),
        (f"{PAGE}#xtor=RSS-1", PAGE),
        (f"{PAGE}#!", PAGE),
        (f"{PAGE}#/", PAGE),
        ("https://example.com/#!/news/4711", "https://example.com#!/news/4711"),
        ("https://example.com/#/news/4711", "https://example.com#/news/4711"),
        # hosts in other scripts, written out or not
        ("https://пример.рф/a", "https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84/a"),
        ("https://xn--e1afmkfd.xn--p1ai/a", "https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84/a"),
        ("https://ПРИМЕР.рф/a", "https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.%D1%80%D1%84/a"),
        ("https://xn--mgbh0fb.example.com/a", "https://%D9%85%D8%AB%D8%A7%D9%84.example.com/a"),
        ("https://xn--a.example.com/a", "https://xn--a.example.com/a"),
        # paths in other scripts, escapes in either case, needless escapes, stray percent signs
        ("https://example.com/خبر", "https://example.com/%D8%AE%D8%A8%D8%B1"),
        ("https://example.com/%d8%ae%d8%a8%d8%b1", "https://example.com/%D8%AE%D8%A8%D8%B1"),
        ("https://example.com/новости/1", "https://example.com/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1"),
        ("https://example.com/뉴스?제목=값", "https://example.com/%EB%89%B4%EC%8A%A4?%EC%A0%9C%EB%AA%A9=%EA%B0%92"),
        ("https://example.com/%7Edesk/%61%2Db", "https://example.com/~desk/a-b"),
        ("https://ex%61mple.com/a", "https://example.com/a"),
        ("https://example.com/%CD%F0", "https://example.com/%CD%F0"),
        ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
        ("https://example.com/100%-%41", "https://example.com/100%-%41"),
        # dots and slashes
        ("https://example.com//a///b/", "https://example.com/a/b"),
        ("https://example.com/a/./x/../b", "https://example.com/a/b"),
        ("https://example.com/a/%2E%2E/b", "https://example.com/b"),
        ("https://example.com/../../a", "https://example.com/a"),
        # case
        ("https://example.com/News/A", "https://example.com/News/A"),
        # several at once
        ("http://m.example.com//2026/11/sanctions-on-fleet.amp/?utm_source=x&amp;print=1#top", PAGE),
    ],
)  # fmt: skip
def test_one_page_under_all_its_addresses(given_url: str, canonical: str) -> None:
    assert canonical_url(given_url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize("home", ["https://m.example.com/?utm_source=x", "https://example.com/#!", "https://u:p@example.com/..",
                                  "https://www.google.com/amp/s/www.example.com"])  # fmt: skip
def test_a_home_page_is_no_article(home: str) -> None:
    assert canonical_url(home) is None


@pytest.mark.parametrize(
    ("clean", "known_id"),
    [
        ("https://www.example.com/2026/11/sanctions-on-fleet", "d469c1ff"),
        ("https://ar.example.com/news/2024/1?a=1&b=2", "f6c61782"),
        ("https://пример.рф/новости/1", "4b3bc2b0"),
        ("https://example.com/خبر/١", "432eaa80"),
        ("https://example.com/?p=3", "a039e622"),
        ("https://example.com/a;v=1", "d700090c"),
        ("https://example.com/%E9", "b431a9cb"),
    ],
)
def test_the_id_of_a_clean_address_is_what_it_always_was(clean: str, known_id: str) -> None:
    assert article_id(clean, "s", "t").startswith(known_id)


_pieces = st.lists(
    st.sampled_from(["a", "x-1", "amp", "print", ".amp", ".html", "/", "//", "..", ".", "%41", "%2", "%", "%25", "31", ";jsessionid=4",
                     "(S(a))", "m.", "www.", "?", "&", "=", "#!", "#/", "#", "utm_x=1", "sid=", "@", ":80", ":", "خبر",
                     "xn--", "[", "]"]),
    max_size=9,
).map("".join)  # fmt: skip


@given(st.sampled_from(["http://", "https://m.", "https://"]), _pieces, _pieces)
def test_canonicalising_twice_is_canonicalising_once(scheme: str, before: str, after: str) -> None:
    once = canonical_url(f"{scheme}{before}example.com/{after}")
    assert once is None or canonical_url(once) == once
