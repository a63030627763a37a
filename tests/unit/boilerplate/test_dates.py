from datetime import date

import pytest

from processors.boilerplate.calendars import gregorian_of_hijri, gregorian_of_jalali
from processors.boilerplate.dates import is_date_line, written_dates


@pytest.mark.parametrize(
    ("line", "language", "iso"),
    [
        ("السبت 11 مايو / أيار 2024", "ar", "2024-05-11"),
        ("١١ تمّوز/ يوليو ٢٠٢٣", "ar", "2023-07-11"),
        ("3 تشرين الثاني 2022", "ar", "2022-11-03"),
        ("الأحد 5 جويلية 2020", "ar", "2020-07-05"),
        ("12 غشت 2021", "ar", "2021-08-12"),
        ("7 شتنبر 2021", "ar", "2021-09-07"),
        ("14 Şubat 2023 Salı", "tr", "2023-02-14"),
        ("9 ноября 2022 г., 18:05", "ru", "2022-11-09"),
        ("9 листопада 2022", "uk", "2022-11-09"),
        ("22 بهمن 1401", "fa", "2023-02-11"),
        ("۱۴۰۱/۱۱/۲۲", "fa", "2023-02-11"),
        ("11 فوریه 2023", "fa", "2023-02-11"),
        ("11 فروری 2023", "ur", "2023-02-11"),
        ("2023년 2월 11일 토요일", "ko", "2023-02-11"),
        ("2023.02.11 09:15", "ko", "2023-02-11"),
        ("2023年02月11日", "zh", "2023-02-11"),
        ("11. Februar 2023, 09:15 Uhr", "de", "2023-02-11"),
        ("le 1er février 2023", "fr", "2023-02-01"),
        ("11 de febrero de 2023", "es", "2023-02-11"),
        ("Feb. 11, 2023", "en", "2023-02-11"),
        ("February 11th, 2023", "en", "2023-02-11"),
        ("02/28/2023", "en", "2023-02-28"),
        ("28/02/2023", "en", "2023-02-28"),
        ("03/04/2023", "fr", "2023-04-03"),
        ("2023-02-11T09:15:00Z", "en", "2023-02-11T09:15:00+00:00"),
        ("2023-02-11 09:15 +0300", "ru", "2023-02-11T09:15:00+03:00"),
        ("2023-02-11 09:15", "en", "2023-02-11"),
        ("February 11, 20236:12 PM UTC", "en", "2023-02-11"),
        ("11 февраля 202316:12 +0300", "ru", "2023-02-11T16:12:00+03:00"),
    ],
)
def test_a_whole_date_is_read(line: str, language: str, iso: str) -> None:
    assert [written.iso for written in written_dates(line, language)] == [iso]
    assert is_date_line(line, language)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("03/04/2023", "en"),
        ("February 2023", "en"),
        ("11 February", "en"),
        ("30 February 2023", "en"),
        ("in 2023, 11 of them", "en"),
        ("منذ يوليو/ تموز 2023", "ar"),
        ("قبل ساعتين", "ar"),
        ("11.22.2023", "ru"),
        ("26-26-2023", "en"),
        ("Tel. 2023-55-11", "en"),
        ("2023", "en"),
        ("31 شهریور 14011", "fa"),
        ("", "en"),
    ],
)
def test_what_is_no_whole_date_is_not_read(line: str, language: str) -> None:
    assert written_dates(line, language) == []
    assert not is_date_line(line, language)


def test_labels_belong_to_the_date_after_them() -> None:
    dates = written_dates("Yayınlanma: 03.04.2023 10:00 / Son güncelleme: 05.04.2023 11:00", "tr")
    assert [(written.iso, written.label) for written in dates] == [
        ("2023-04-03", "published"),
        ("2023-04-05", "updated"),
    ]


@pytest.mark.parametrize(
    ("line", "language", "published"),
    [
        ("Publié le 24 novembre 2026 à 19h12 - Mis à jour le 25 novembre 2026 à 08h00", "fr", "2026-11-24"),
        ("Mis à jour le 25/11/2026 à 08h00 Publié le 24/11/2026 à 19h12", "fr", "2026-11-24"),
        ("نشر في: 12 نوفمبر ,2026: 02:35 م GST آخر تحديث: 13 نوفمبر ,2026: 03:00 م GST", "ar", "2026-11-12"),
        (
            "Publicado el 24/11/2026 a las 19:12 CET, actualizado el 25/11/2026 a las 08:00 CET",
            "es",
            "2026-11-24",
        ),
    ],
)
def test_labels_of_several_words_and_clocks_leave_a_date_bar_one(
    line: str, language: str, published: str
) -> None:
    assert is_date_line(line, language)
    assert [one.iso for one in written_dates(line, language) if one.label == "published"] == [published]


def test_a_sentence_with_a_date_is_no_date_bar() -> None:
    assert not is_date_line("On 11 February 2023 the council met for the first time in the new hall", "en")


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1375, 1, 1), date(1996, 3, 20)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1403, 7, 1), date(2024, 9, 22)),
        ((1404, 1, 1), date(2025, 3, 21)),
    ],
)
def test_jalali_days(jalali: tuple[int, int, int], gregorian: date) -> None:
    assert gregorian_of_jalali(*jalali) == gregorian


@pytest.mark.parametrize(
    ("hijri", "gregorian"),
    [
        ((1411, 1, 1), date(1990, 7, 23)),
        ((1445, 9, 15), date(2024, 3, 25)),
        ((1446, 1, 1), date(2024, 7, 7)),
        ((1460, 12, 29), date(2039, 1, 24)),
    ],
)
def test_hijri_days(hijri: tuple[int, int, int], gregorian: date) -> None:
    assert gregorian_of_hijri(*hijri) == gregorian


@pytest.mark.parametrize("day", [(1403, 12, 31), (1402, 12, 30), (1402, 7, 31), (1402, 13, 1)])
def test_no_such_jalali_day(day: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no day"):
        gregorian_of_jalali(*day)


@pytest.mark.parametrize("day", [(1445, 9, 31), (1445, 13, 1), (1445, 1, 0)])
def test_no_such_hijri_day(day: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no day"):
        gregorian_of_hijri(*day)


@pytest.mark.parametrize(
    ("line", "language", "fetched_at", "iso"),
    [
        ("2 hours ago", "en", "2026-03-18T12:30:00+00:00", "2026-03-18"),
        ("2 hours ago", "en", "2026-03-18T03:30:00+00:00", None),  # another day in Los Angeles
        ("3小时前", "zh", "2026-03-18T18:30:00+00:00", "2026-03-18"),  # half past two in Beijing, less three
        ("昨天 21:30", "zh", "2026-03-18T18:30:00+00:00", "2026-03-18"),
        ("منذ يومين", "ar", "2026-03-18T12:30:00Z", "2026-03-16"),
        ("vor einer Stunde", "de", "2026-03-18T12:30:00+00:00", "2026-03-18"),
        ("Veröffentlicht: gestern", "de", "2026-03-18T12:30:00+00:00", "2026-03-17"),
        ("gestern", "de", "2026-03-18T12:30:00+00:00", None),
        ("Today", "en", "2026-03-18T12:30:00+00:00", None),
        ("3 weeks ago", "en", "2026-03-18T12:30:00+00:00", None),
        ("90 days ago", "en", "2026-03-18T12:30:00+00:00", None),
        ("Two days ago the pier was closed", "en", "2026-03-18T12:30:00+00:00", None),
        ("2 hours ago", "en", "", None),
        ("2 hours ago", "en", "yesterday", None),
    ],
)
def test_counted_back_from_the_fetch(line: str, language: str, fetched_at: str, iso: str | None) -> None:
    assert [written.iso for written in written_dates(line, language, fetched_at)] == ([iso] if iso else [])


FETCHED = "2026-11-29T09:00:00Z"


@pytest.mark.parametrize(
    ("line", "language", "iso"),
    [
        ("28 НОЯ, 14:05", "ru", "2026-11-28"),
        ("28 ноября, 14:05 МСК", "ru", "2026-11-28"),
        ("Nov 28, 6:12 PM", "en", "2026-11-28"),
        ("28 nov, 14:05", "es", "2026-11-28"),
        ("28 نوفمبر، 14:05", "ar", "2026-11-28"),
        ("28 Kasım 14:05", "tr", "2026-11-28"),
    ],
)
def test_a_day_of_this_week_needs_no_year(line: str, language: str, iso: str) -> None:
    assert [written.iso for written in written_dates(line, language, FETCHED)] == [iso]
    assert written_dates(line, language) == []


def test_the_first_week_of_a_year_has_days_of_the_last() -> None:
    assert [one.iso for one in written_dates("30 дек, 23:10", "ru", "2027-01-02T09:00:00Z")] == ["2026-12-30"]


@pytest.mark.parametrize(
    "line",
    [
        "28 ноября",
        "Матч 28 ноября, начало в 14:05",
        "20 ноября, 14:05",
        "May 12:30",
        "31 ноября, 14:05",
        "28 дек, 14:05",
    ],
)
def test_without_a_year_nothing_else_is_a_date(line: str) -> None:
    assert written_dates(line, "ru", FETCHED) == []
