from pathlib import Path

import pytest

from processors.boilerplate import BoilerplateStage
from processors.boilerplate.stage import CHARACTERS_MAX, LINES_MAX, clean_text
from processors.stage import Dropped, Failed, PermanentError, Stage, apply_stages
from schemas.article import Article, Clean, Language, Raw, Role
from tests.pace import within

PARAGRAPHS = {
    "en": [
        "The harbour authority said on Monday that it would close the old northern pier in the coming weeks.",
        "Engineers found cracks in eleven of the thirty columns, and divers confirmed them a day later.",
        "“Nobody was in danger,” said the harbour master, who has run the port for more than ten years.",
        "Fishermen will be moved to the southern quay, where the town has built forty new berths this year.",
    ],
    "ar": [
        "أعلنت هيئة الموانئ يوم الاثنين أنها ستغلق الرصيف الشمالي القديم في الأسابيع المقبلة لأسباب تتعلق بالسلامة.",
        "وعثر المهندسون على شقوق في أحد عشر عمودا من أصل ثلاثين، وأكد الغواصون ذلك بعد يوم واحد من الفحص.",
        "وقال مدير الميناء الذي يتولى منصبه منذ أكثر من عشر سنوات إن أحدا لم يكن في خطر في أي وقت.",
        "وسينقل الصيادون إلى الرصيف الجنوبي حيث بنت البلدية أربعين مرسى جديدا خلال العام الحالي.",
    ],
    "ru": [
        "Управление порта сообщило в понедельник, что закроет старый северный причал в ближайшие недели.",
        "Инженеры нашли трещины в одиннадцати из тридцати колонн, и водолазы подтвердили это на следующий день.",
        "«Никто не подвергался опасности», — сказал начальник порта, который руководит им более десяти лет.",
        "Рыбаков переведут на южную набережную, где город построил в этом году сорок новых мест для лодок.",
    ],
    "tr": [
        "Liman idaresi pazartesi günü eski kuzey iskelesini önümüzdeki haftalarda kapatacağını açıkladı.",
        "Mühendisler otuz sütunun on birinde çatlak buldu ve dalgıçlar bunu bir gün sonra doğruladı.",
        "On yılı aşkın süredir limanı yöneten müdür, hiç kimsenin tehlikede olmadığını gazetecilere söyledi.",
        "Balıkçılar, belediyenin bu yıl kırk yeni bağlama yeri yaptığı güney rıhtımına taşınacak.",
    ],
    "ko": [
        "항만청은 월요일 안전 문제로 오래된 북쪽 부두를 앞으로 몇 주 안에 폐쇄하겠다고 발표했다.",
        "기술자들은 서른 개의 기둥 가운데 열한 개에서 균열을 발견했고 잠수부들이 다음 날 이를 확인했다.",
        "십 년 넘게 항구를 운영해 온 항만 책임자는 누구도 위험에 처하지 않았다고 기자들에게 말했다.",
        "어민들은 시가 올해 마흔 개의 새 정박지를 지은 남쪽 부두로 옮겨 가게 된다고 당국은 전했다.",
    ],
    "zh": [
        "港务局星期一宣布，出于安全考虑，将在未来几周内关闭年久失修的北码头，并把所有船只转移到别处。",
        "工程师在三十根立柱中的十一根上发现了裂缝，潜水员在第二天的水下检查中证实了这一情况。",
        "管理这座港口已有十多年的负责人对记者表示，在整个检查和维修期间没有任何人处于危险之中。",
        "渔民们将搬到南码头，市政府今年在那里新建了四十个泊位，并为他们提供了冷藏和装卸设备。",
    ],
    "fa": [
        "سازمان بنادر روز دوشنبه اعلام کرد که اسکله قدیمی شمالی را در هفته‌های آینده به دلایل ایمنی تعطیل می‌کند.",
        "مهندسان در یازده ستون از سی ستون ترک پیدا کردند و غواصان یک روز بعد این موضوع را تأیید کردند.",
        "مدیر بندر که بیش از ده سال است این بندر را اداره می‌کند به خبرنگاران گفت که هیچ کس در خطر نبوده است.",
        "ماهیگیران به اسکله جنوبی منتقل می‌شوند که شهرداری امسال چهل پهلوگاه تازه در آن ساخته است.",
    ],
    "fr": [
        "L’autorité portuaire a annoncé lundi la fermeture du vieux quai nord dans les prochaines semaines.",
        "Les ingénieurs ont trouvé des fissures dans onze des trente colonnes, ce que des plongeurs ont confirmé.",
        "« Personne n’était en danger », a déclaré le directeur du port, en poste depuis plus de dix ans.",
        "Les pêcheurs seront déplacés vers le quai sud, où la ville a construit quarante places cette année.",
    ],
}
CHROME = {
    "en": ["Share this article", "Read more", "Advertisement", "Comments (12)", "Back to top"],
    "ar": ["شارك المقال", "اقرأ أيضاً:", "- مساحة إعلانية -", "التعليقات (٣)", "العودة إلى الأعلى"],
    "ru": ["Поделиться", "Читайте также:", "Реклама", "Комментарии (5)", "Наверх"],
    "tr": ["Paylaş", "İlgili haberler", "REKLAM", "Yorumlar (2)", "Yukarı çık"],
    "ko": ["공유하기", "관련기사", "광고", "댓글 3", "맨위로"],
    "zh": ["分享到", "相关阅读：", "广告", "发表评论", "返回顶部"],
    "fa": ["به اشتراک بگذارید", "مطالب مرتبط", "تبلیغات", "نظرات (۲)", "بازگشت به بالا"],
    "fr": ["Partager cet article", "À lire aussi :", "PUBLICITÉ", "Commentaires (4)", "Retour en haut"],
}
TITLES = {
    "en": "Harbour authority to close old northern pier",
    "ar": "هيئة الموانئ تغلق الرصيف الشمالي القديم",
    "ru": "Управление порта закроет старый северный причал",
    "tr": "Liman idaresi eski kuzey iskelesini kapatıyor",
    "ko": "항만청, 오래된 북쪽 부두 폐쇄 발표",
    "zh": "港务局将关闭年久失修的北码头",
    "fa": "سازمان بنادر اسکله قدیمی شمالی را تعطیل می‌کند",
    "fr": "L’autorité portuaire ferme le vieux quai nord",
}


def _article(content: str, language: str = "en", **fields: str) -> Article:
    return Article(
        id="a",
        source="s",
        fetched_at="2026-01-02T03:04:05Z",
        raw=Raw(content=content, format="html" if fields.get("format") == "html" else "text"),
        language=Language(code=language, confidence=0.99),
        feed_published_at=fields.get("feed_published_at"),
    )


def _clean(content: str, language: str = "en", **fields: str) -> Clean:
    result = BoilerplateStage()(_article(content, language, **fields))
    assert isinstance(result, Article)
    assert result.clean is not None
    return result.clean


def _roles(content: str, clean: Clean) -> dict[str, Role]:
    return {content[segment.start : segment.end]: segment.role for segment in clean.segments}


def _page(language: str, *, above: tuple[str, ...] = (), below: tuple[str, ...] = ()) -> str:
    paragraphs, chrome = PARAGRAPHS[language], CHROME[language]
    lines = [*above, TITLES[language], *below, *paragraphs[:2], chrome[2], *paragraphs[2:], *chrome]
    return "\n\n".join(lines)


@pytest.mark.parametrize(
    "flash",
    [
        "Kanada sanktioniert Werften",
        "Londra, liman işletmesine uyguladığı yasağı kaldırdı.",
        "정부, 항만 기업에 추가 제재",
        "الحكومة ترفع القيود عن الموانئ",
        "港口运营商被列入制裁名单",
    ],
)
def test_a_flash_with_nothing_around_it_is_an_article(flash: str) -> None:
    assert _clean(flash).text == flash


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_the_article_is_kept_whole_and_nothing_else(language: str) -> None:
    clean = _clean(_page(language), language)
    assert clean.text.split("\n") == PARAGRAPHS[language]
    assert clean.title == TITLES[language]


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_a_repeated_caption_and_title_are_told_once_and_outside_the_text(language: str) -> None:
    title = TITLES[language]
    page = _page(language, below=(title,))
    clean = _clean(page, language)
    assert title not in clean.text
    assert [segment.role for segment in clean.segments][:2] == ["title", "duplicate"]


FEED_DATES = {
    "2026-01-01T23:30:00+03:00": "2026-01-01T23:30:00+03:00",
    "2025-12-31": "2025-12-31",
    "2026-01-03": "2026-01-03",  # east of the fetch's clock
    "2026-01-04": None,
    "1970-01-01T00:00:00Z": None,
    "yesterday": None,
    "": None,
}


@pytest.mark.parametrize("stated", FEED_DATES)
@pytest.mark.parametrize("form", ["text", "html"])
def test_a_page_without_a_date_has_its_feeds_where_that_can_be(form: str, stated: str) -> None:
    paragraphs = PARAGRAPHS["en"]
    page = "".join(f"<p>{line}</p>" for line in paragraphs) if form == "html" else "\n".join(paragraphs)
    clean = _clean(page, format=form, feed_published_at=stated)
    expected = FEED_DATES[stated]
    assert (clean.published_at, clean.published_evidence) == (expected, expected and f"feed: {stated}")


def test_the_pages_own_date_is_better_than_its_feeds() -> None:
    page = _page("en", below=("Published: 28 December 2025",))
    clean = _clean(page, feed_published_at="2026-01-01T10:00:00Z")
    assert (clean.published_at, clean.published_evidence) == ("2025-12-28", "Published: 28 December 2025")


def test_segments_cover_every_line_in_order_with_exact_offsets() -> None:
    page = (
        "\ufeff  Home \r\n\r\n"
        + "\r\n \t".join(["Title of the day", *PARAGRAPHS["en"]])
        + "\r\n\r\nShare\x85Close\n"
    )
    clean = _clean(page)
    spans = [page[segment.start : segment.end] for segment in clean.segments]
    assert [span.strip("\ufeff ") for span in spans] == [
        line.strip("\ufeff \t") for line in page.splitlines() if line.strip()
    ]
    assert all(span == span.strip() for span in spans)
    assert [segment.start for segment in clean.segments] == sorted(
        segment.start for segment in clean.segments
    )


def test_offsets_are_code_points_beyond_the_basic_plane() -> None:
    page = "\n".join(["😀 Home 😀", *(f"{paragraph[:-1]} 𝒜😀." for paragraph in PARAGRAPHS["en"])])
    clean = _clean(page)
    assert "\n".join(
        page[segment.start : segment.end] for segment in clean.segments if segment.role in {"body", "subhead"}
    ) == (clean.text)


def test_a_subhead_stays_in_the_text() -> None:
    lines = [*PARAGRAPHS["en"][:2], "What the divers saw", *PARAGRAPHS["en"][2:]]
    clean = _clean("\n".join(lines))
    assert clean.text.split("\n") == lines
    assert _roles("\n".join(lines), clean)["What the divers saw"] == "subhead"


def test_a_short_answer_in_a_dialogue_is_not_lost() -> None:
    lines = [*PARAGRAPHS["en"][:2], "“Was it the storm?”", "“No.”", *PARAGRAPHS["en"][2:]]
    assert _clean("\n".join(lines)).text.split("\n") == lines


@pytest.mark.parametrize("language", ["en", "ru", "tr", "zh"])
def test_an_article_whose_lines_end_in_no_sign_is_kept(language: str) -> None:
    lines = [line.rstrip(".。") for line in PARAGRAPHS[language]]
    clean = _clean("\n".join([TITLES[language], *lines, *CHROME[language]]), language)
    assert clean.text.split("\n") == lines


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Trains run as usual.", "en"),
        ("أما القطارات فتسير كالمعتاد يوم الأحد.", "ar"),
        ("Seferler cuma günü yeniden başlayacak.", "tr"),
    ],
)
def test_a_short_last_sentence_is_kept(line: str, language: str) -> None:
    lines = [*PARAGRAPHS[language], line]
    clean = _clean("\n".join([TITLES[language], *lines, *CHROME[language]]), language)
    assert clean.text.split("\n") == lines


def test_a_sentence_below_an_advertisement_is_kept() -> None:
    page = Path(__file__).with_name("advertisement.txt").read_text(encoding="utf-8")
    kept = _clean(page).text.split("\n")
    assert kept[3] == "Hungary had blocked the package for 3 weeks."
    assert len(kept) == 5


@pytest.mark.parametrize(
    "line", ["© Harbour News 2024. All copying forbidden.", "Copyright ⓒ 2024 Harbour News."]
)
def test_who_owns_the_page_is_no_article_text(line: str) -> None:
    assert _clean("\n".join([TITLES["en"], *PARAGRAPHS["en"], line])).text.split("\n") == PARAGRAPHS["en"]


def test_another_scripts_buttons_are_dropped() -> None:
    page = "\n".join([TITLES["ar"], "Changed", *PARAGRAPHS["ar"], "Close", "Destek için"])
    assert _clean(page, "ar").text.split("\n") == PARAGRAPHS["ar"]


def test_a_caption_with_a_credit_is_a_caption() -> None:
    page = "\n".join([TITLES["ar"], "الرصيف الشمالي بعد العاصفة - غيتي", *PARAGRAPHS["ar"]])
    clean = _clean(page, "ar")
    assert _roles(page, clean)["الرصيف الشمالي بعد العاصفة - غيتي"] == "caption"
    assert clean.text.split("\n") == PARAGRAPHS["ar"]


@pytest.mark.parametrize(
    ("line", "language", "role"),
    [
        ("责任编辑：林晓雨", "zh", "byline"),
        ("지난해 폭풍이 지나간 뒤 북쪽 부두에서 어민들이 배를 고치고 있다. [사진 = 항만청]", "ko", "caption"),
        ("Фото: Мария Лужкова", "ru", "caption"),
        ("Kaynak: Liman idaresi", "tr", "boilerplate"),
        ("À lire aussi : Le port de pêche attend ses nouveaux bateaux", "fr", "boilerplate"),
    ],
)
def test_labelled_lines_have_their_role_even_in_mid_article(line: str, language: str, role: Role) -> None:
    paragraphs = PARAGRAPHS[language]
    page = "\n".join([TITLES[language], *paragraphs[:2], line, *paragraphs[2:]])
    clean = _clean(page, language)
    assert clean.text.split("\n") == paragraphs
    assert _roles(page, clean)[line] == role


def test_a_picture_text_repeated_through_the_page_is_a_caption_and_its_copies_duplicates() -> None:
    caption = "ـ الرصيف القديم بعد العاصفة الأخيرة"
    lines = [TITLES["ar"], PARAGRAPHS["ar"][0], caption, *PARAGRAPHS["ar"][1:], caption, caption]
    clean = _clean("\n".join(lines), "ar")
    assert caption not in clean.text
    assert [segment.role for segment in clean.segments if segment.end - segment.start == len(caption)] == [
        "caption",
        "duplicate",
        "duplicate",
    ]


@pytest.mark.parametrize(
    ("bar", "language", "published"),
    [
        ("نشر في: ٢٧ شباط/ فبراير ٢٠٢٤", "ar", "2024-02-27"),
        ("Ekleme: 03.04.2023 10:00 / Güncelleme: 05.04.2023 11:00", "tr", "2023-04-03"),
        ("Опубликовано 27 апреля 2024 г.", "ru", "2024-04-27"),
        ("27 April 2024", "en", "2024-04-27"),
        ("입력 2024-04-27 10:11", "ko", "2024-04-27"),
        ("2024年4月27日 10:11", "zh", "2024-04-27"),
        ("تاریخ انتشار: ۸ اردیبهشت ۱۴۰۳", "fa", "2024-04-27"),
        ("Publié le 1er mai 2024 à 10h30", "fr", "2024-05-01"),
        ("Publié le 1er mai 2024 à 10h30 - Mis à jour le 2 mai 2024 à 08h00", "fr", "2024-05-01"),
    ],
)
def test_a_date_below_the_headline_is_the_publications(bar: str, language: str, published: str) -> None:
    page = _page(language, below=(bar,))
    clean = _clean(page, language)
    assert (clean.published_at, clean.published_evidence) == (published, bar)
    assert bar not in clean.text
    assert _roles(page, clean)[bar] == "date"


def test_a_byline_may_say_the_day() -> None:
    bar = "By Mina Sorel and Paul Adeyemi | April 24, 2024"
    page = _page("en", below=(bar,))
    clean = _clean(page, "en")
    assert (clean.published_at, clean.byline) == ("2024-04-24", "Mina Sorel and Paul Adeyemi")
    assert _roles(page, clean)[bar] == "byline"


@pytest.mark.parametrize(
    "bar",
    [
        "Saturday 27 April 2024",
        "Updated: 27 April 2024",
        "27 April",
        "April 2024",
        "2 hours ago",
        "03/04/2024",
    ],
)
def test_what_does_not_say_the_day_of_publication_gives_none(bar: str) -> None:
    assert _clean(_page("en", above=(bar,)), "en").published_at is None


def test_a_day_after_the_fetch_is_not_the_publications() -> None:
    assert _clean(_page("en", below=("Published 27 April 2031",)), "en").published_at is None


def test_two_equally_likely_days_give_none() -> None:
    assert _clean(_page("en", below=("27 April 2024", "29 April 2024")), "en").published_at is None


@pytest.mark.parametrize(
    ("line", "language", "name"),
    [
        ("By Ingrid Halvorsen", "en", "Ingrid Halvorsen"),
        ("بقلم: سلمى الحداد", "ar", "سلمى الحداد"),
        ("Автор: Мария Лужкова", "ru", "Мария Лужкова"),
        ("김하늘 기자", "ko", "김하늘"),
        ("作者：林晓雨", "zh", "林晓雨"),
    ],
)
def test_a_byline_names_the_author(line: str, language: str, name: str) -> None:
    clean = _clean(_page(language, below=(line,)), language)
    assert clean.byline == name
    assert line not in clean.text


@pytest.mark.parametrize(
    ("first", "language", "agency"),
    [
        ("HARBOURTON (Reuters) - ", "en", "Reuters"),
        ("ПОРТОВО, 3 мая — РИА Новости. ", "ru", "RIA Novosti"),
        ("(서울=연합뉴스) ", "ko", "Yonhap"),
        ("新华社港城5月3日电 ", "zh", "Xinhua"),
    ],
)
def test_a_dateline_names_the_agency(first: str, language: str, agency: str) -> None:
    paragraphs = PARAGRAPHS[language]
    clean = _clean("\n".join([TITLES[language], first + paragraphs[0], *paragraphs[1:]]), language)
    assert clean.agency == agency
    assert clean.text.startswith(first.strip())


def test_a_source_line_names_the_agency_and_is_not_text() -> None:
    clean = _clean("\n\n".join([TITLES["ar"], *PARAGRAPHS["ar"], "المصدر: رويترز"]), "ar")
    assert clean.agency == "Reuters"
    assert clean.text.split("\n") == PARAGRAPHS["ar"]


def test_a_closing_credit_names_the_agency_and_stays() -> None:
    lines = [*PARAGRAPHS["ar"][:-1], PARAGRAPHS["ar"][-1] + " (İLKHA)"]
    clean = _clean("\n".join([TITLES["ar"], *lines]), "ar")
    assert clean.agency == "İLKHA"
    assert clean.text.split("\n") == lines


@pytest.mark.parametrize("content", ["", "\n \n", "Home\nMenu\nSearch\nLog in\nContact us"])
def test_a_page_without_an_article_is_dropped(content: str) -> None:
    assert BoilerplateStage()(_article(content)) == Dropped("not_an_article")


@pytest.mark.parametrize("content", ["a\n" * LINES_MAX, "a" * (CHARACTERS_MAX + 1)])
def test_a_page_beyond_the_limits_is_refused_at_once(content: str) -> None:
    with within(0.2):
        with pytest.raises(PermanentError) as caught:
            BoilerplateStage()(_article(content))
        assert caught.value.reason == "too_large"


@pytest.mark.parametrize(
    "line",
    [
        "Read more",
        "27 April 2024",
        "(" * 90,
        "- | " * 40,
        PARAGRAPHS["ar"][0],
        "١٢:" * 60,
        "By " * 20,
        "年月日" * 30,
    ],
)
def test_a_long_page_takes_bounded_time(line: str) -> None:
    BoilerplateStage()(_article(PARAGRAPHS["en"][0]))
    page = "\n".join(f"{line} {number}" for number in range(10_000))
    with within(5):
        BoilerplateStage()(_article(page))


def test_the_longest_line_takes_bounded_time() -> None:
    with within(3):
        BoilerplateStage()(_article("word, " * 300_000 + "end."))


@pytest.mark.parametrize("content", ["\ud800\udfff broken", "\x00\x01\x02", "a", "…", "\u200f\u202b", "1"])
def test_odd_pages_do_no_harm(content: str) -> None:
    assert isinstance(BoilerplateStage()(_article(content)), Article | Dropped)


def test_the_same_page_gives_the_same_answer() -> None:
    stage: Stage = BoilerplateStage()
    assert stage(_article(_page("en"))) == stage(_article(_page("en")))


HTML = (
    "<html><head><title>{title} | Harbour News</title><meta property='og:site_name' content='Harbour News'>"
    "<meta property='article:published_time' content='2024-04-27T10:11:12+03:00'>"
    "<meta name='author' content='Ingrid Halvorsen'></head><body><nav><a href='/'>Home</a></nav>"
    "<article><h1>{title}</h1>{body}</article><footer>Contact us</footer></body></html>"
)


def test_html_gives_text_title_date_and_byline() -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS["en"] * 2)
    clean = _clean(HTML.format(title=TITLES["en"], body=body), format="html")
    assert clean.text.split("\n") == PARAGRAPHS["en"] * 2
    assert clean.title == TITLES["en"]
    assert clean.published_at == "2024-04-27T10:11:12+03:00"
    assert clean.published_evidence is not None
    assert "2024-04-27T10:11:12+03:00" in clean.published_evidence
    assert clean.byline == "Ingrid Halvorsen"
    assert clean.segments == []


@pytest.mark.parametrize(
    "page", ["", "<html></html>", "<p>", "\x00", "<" * 5000, "<div>" * 50_000, "\ud800<p>a</p>"]
)
def test_html_without_an_article_is_dropped_or_refused(page: str) -> None:
    outcome = apply_stages([BoilerplateStage()], _article(page, format="html"))
    assert not isinstance(outcome, Failed) or outcome.reason == "unreadable_html"


def test_html_seen_again_is_the_same() -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS["en"])
    pages = [_clean(HTML.format(title=TITLES["en"], body=body), format="html") for _ in range(5)]
    assert all(page == pages[0] for page in pages)


@pytest.mark.parametrize(
    ("below", "fetched_at", "day"),
    [
        ("3 hours ago", "2026-01-02T12:04:05Z", "2026-01-02"),
        ("16 hours ago", "2026-01-02T12:04:05Z", None),  # the day before, in America
        ("3 weeks ago", "2026-01-02T12:04:05Z", None),
    ],
)
def test_hours_ago_below_the_headline_are_a_day(below: str, fetched_at: str, day: str | None) -> None:
    assert _clean_at(_page("en", below=(below,)), fetched_at).published_at == day
    assert _clean_at(_page("en", above=(below,)), fetched_at).published_at is None


def _clean_at(page: str, fetched_at: str) -> Clean:
    clean = clean_text(page, "en", fetched_at)
    assert clean is not None
    return clean


FORM = ["Sign in", "Your name", "Your password", "Forgotten it?", "Keep me signed in on this machine", "Help",
        "Join 40,000 readers of our weekly letter", "Terms", "Imprint", "Reading list", "Log out"]  # fmt: skip


def test_a_long_page_of_short_lines_is_no_article_and_a_flash_among_few_is() -> None:
    assert BoilerplateStage()(_article("\n".join(FORM))) == Dropped("not_an_article")
    assert "old northern pier" in _clean("\n".join([*PARAGRAPHS["en"][:1], "Share"])).text


def test_a_short_article_in_much_furniture_is_found() -> None:
    page = "\n".join([*FORM, TITLES["en"], *PARAGRAPHS["en"], *FORM[::-1]])
    assert _clean(page).text.split("\n") == PARAGRAPHS["en"]


@pytest.mark.parametrize(
    ("language", "dialogue"),
    [
        ("ar", ["- متى تُغلق الأرصفة؟", "- قريبا.", "- وهل من بديل؟", "- نعم."]),
        ("ru", ["— Когда закроют причал?", "— Скоро.", "— А что потом?", "— Посмотрим."]),
        ("tr", ["“İskele ne zaman kapanacak?”", "“Yakında.”", "“Ya sonra?”", "“Göreceğiz.”"]),
        ("fr", ["« Et les pêcheurs ? »", "« Ils attendront. »", "« Longtemps ? »", "« Non. »"]),
        ("zh", ["“码头什么时候关闭？”", "“快了。”", "“以后呢？”", "“再看吧。”"]),
        ("ko", ["“부두는 언제 닫나?”", "“곧.”", "“그 다음은?”", "“두고 보자.”"]),
    ],
)
def test_short_lines_of_a_dialogue_survive_in_a_clean_article(language: str, dialogue: list[str]) -> None:
    lines = [*PARAGRAPHS[language][:2], *dialogue, *PARAGRAPHS[language][2:]]
    assert _clean("\n".join(lines), language).text.split("\n") == lines
    assert _clean("\n".join([TITLES[language], *lines]), language).text.split("\n") == lines


def test_one_line_alone_is_read_whatever_it_looks_like() -> None:
    cleaned = BoilerplateStage()(_article("Four oil depots under new sanctions"))
    assert isinstance(cleaned, Article)
    assert cleaned.clean is not None
    assert cleaned.clean.text == "Four oil depots under new sanctions"


def test_a_short_article_is_one_though_no_line_of_it_is_sure() -> None:
    lines = [
        "Главная / Экономика",
        "Порт получит к осени 14 кранов и новый причал для одного из них",
        "05.03.2026 13:40 | Обновлено 14:02",
        "Фото: архив",
        "Вильнюс. 5 марта. ГАВАНЬ-ИНФО — Порт в четверг объявил о покупке 14 кранов, а также причала Coral Gate.",
        "Как сообщил порт, речь идет о кранах, грузивших зерно в Ригу.",
        "Мэр назвал покупку поздней.",
        "Подписывайтесь на наш канал",
    ]
    clean = _clean("\n".join(lines), "ru")
    assert (clean.title, clean.text.split("\n")[:2]) == (lines[1], lines[4:6])


def test_the_first_few_words_are_the_headline_where_nothing_stands_around_the_article() -> None:
    title = "La ville ferme le pont nord pendant trois mois"
    text = [
        "La ville fermera son pont nord à toute circulation pendant trois mois, a annoncé le maire jeudi.",
        "Des ingénieurs ont trouvé des fissures dans le tablier et demandé des réparations urgentes.",
    ]
    clean = _clean("\n".join([title, *text]), "fr")
    assert (clean.title, clean.text.split("\n")) == (title, text)


def test_a_doubted_sentence_with_a_word_of_the_headline_is_kept_below_a_pictures_words() -> None:
    lines = [
        "الرئيسية | أخبار | اقتصاد",
        "عُقوبات أوروبيّة جديدة تطال ١٩ كيانًا و٧ أفراد في روسيا",
        "نُشر في: ٣ مارس ٢٠٢٦ ١٠:١٥",
        "تصغير الخط تكبير الخط",
        "بروكسل (وكالة الشمال) - أقرّ الاتحاد الأوروبي اليوم الثلاثاء حزمة عقوبات جديدة على روسيا تشمل ١٩ كيانًا.",
        "وتشمل الحزمة تجميد الأصول ومنع السفر.",
        "صورة أرشيفية لمقر الاتحاد الأوروبي",
        "وكان الاتحاد قد مدّد في يناير الماضي عقوباته الاقتصادية ستة أشهر.",
        "وقال المتحدث باسم الكرملين إن العقوبات «غير قانونية».",
        "اقرأ أيضًا",
        "أسعار النفط ترتفع",
    ]
    assert _clean("\n".join(lines), "ar").text.split("\n") == [*lines[4:6], *lines[7:9]]


def test_a_numbered_list_is_kept_and_what_leads_to_it_is_no_headline() -> None:
    lines = [
        "مانشيت",
        "العقوبات الأمريكية.. قائمة الأسماء الكاملة",
        "كتب - محمد السيد",
        "الثلاثاء 03-03-2026 09:30",
        "نشرت وزارة الخزانة الأمريكية قائمة الأسماء التي شملتها العقوبات الجديدة، وجاءت كالتالي:",
        "1- حسين علي الموسوي، ممول.",
        "2- شركة «الأرز للصرافة» ومقرها بيروت.",
        "3- رضا كاظم حيدر.",
        "وتتهم واشنطن هؤلاء بتحويل عشرات ملايين الدولارات من إيران منذ عام 2024.",
        "موضوعات متعلقة",
    ]
    clean = _clean("\n".join(lines), "ar")
    assert (clean.title, clean.text.split("\n")) == (lines[1], lines[4:9])
