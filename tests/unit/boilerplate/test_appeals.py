"""Sentences that a page says to its reader: known in each language, and never a sentence of the news."""

import pytest

from processors.boilerplate.appeals import is_appeal
from processors.boilerplate.stage import clean_text

APPEALS = {
    "en": ["Sign up for our evening letter, free of charge.", "If you enjoyed this article, tell a friend.",
           "Harbour Press 2026. All rights reserved.", "Got a tip? Write to the newsroom."],
    "ar": ["اشترك في نشرتنا البريدية ليصلك كل جديد.", "جميع الحقوق محفوظة لصحيفة الميناء.",
           "انضم إلى قناتنا لتصلك الأخبار أولا بأول."],
    "fa": ["تمامی حقوق محفوظ است.", "بازنشر مطالب این پایگاه با ذکر منبع بلامانع است."],
    "ru": ["Подписывайтесь на «Гавань» в мессенджерах.", "Нашли опечатку? Сообщите нам.",
           "При полном или частичном использовании материалов ссылка на «Гавань» обязательна."],
    "tr": ["WhatsApp kanalımıza katılın, hiçbir haberi kaçırmayın.", "Liman Haber. Tüm hakları saklıdır.",
           "Gelişmeleri uygulamamızdan takip edin."],
    "fr": ["Abonnez-vous à notre lettre du soir.", "Il vous reste 70 % de cet article à lire."],
    "es": ["Suscríbete y recibe las noticias del puerto.", "Prohibida la reproducción total o parcial."],
    "ko": ["저작권자(c) 항구일보, 무단 전재-재배포 금지", "항구일보를 구독하세요.", "<저작권자 ⓒ 항구일보>"],
    "zh": ["未经授权，不得转载。", "扫描二维码，看更多港口新闻。", "版权声明：本文归港口日报所有。"],
}  # fmt: skip
NEWS = {
    "en": ["Readers can sign up for the vaccine from Monday, the ministry said.",
           "Subscribers to the bond got their money back.", "Follow-up talks are planned for June."],
    "ar": ["اشترك في المناورات ستة آلاف جندي من الجانبين.", "انضم إلى التحالف بلدان جديدان."],
    "fa": ["حقوق کارگران بندر از ماه آینده افزایش می‌یابد."],
    "ru": ["Под обращением подписались двести человек.", "При использовании пара погибли двое рабочих."],
    "tr": ["Bakan, gelişmeleri yakından takip ettiklerini söyledi."],
    "fr": ["Recevez-vous encore du courrier, demande la ville à ses habitants."],
    "es": ["El banco recibe a los suscriptores de los bonos.", "Se prohíbe la reproducción de aves."],
    "ko": ["구독 서비스 가입자가 백만 명을 넘었다.", "저작권 소송에서 항구시가 이겼다."],
    "zh": ["该公司在微信公众号发文称，港口将关闭。", "两国关注地区局势。"],
}  # fmt: skip


@pytest.mark.parametrize("line", [line for lines in APPEALS.values() for line in lines])
def test_an_appeal_is_known(line: str) -> None:
    assert is_appeal(line)


@pytest.mark.parametrize("line", [line for lines in NEWS.values() for line in lines])
def test_news_is_none(line: str) -> None:
    assert not is_appeal(line)


def test_what_is_quoted_or_long_is_none() -> None:
    assert not is_appeal("«Подписывайтесь на газету», — сказал мэр.")
    assert not is_appeal("All rights reserved. " + "The harbour is closed. " * 20)


def test_an_appeal_below_an_article_is_furniture() -> None:
    article = [
        "Город закроет северный мост",
        "Мэрия закроет северный мост для движения на три месяца, сообщил мэр в четверг.",
        "Инженеры нашли трещины в полотне моста и попросили срочно начать ремонт.",
    ]
    clean = clean_text("\n".join([*article, "Следите за нашими новостями в любом мессенджере."]), "ru")
    assert clean is not None
    assert clean.text.split("\n") == article[1:]
    assert clean.title == article[0]


def test_a_page_of_appeals_is_no_article() -> None:
    assert clean_text("Sign up for our evening letter, free of charge.", "en") is None
