"""Two articles on one page: the text has one of them, and it is said where the other begins."""

from __future__ import annotations

import pytest

from processors.boilerplate.lines import split_lines
from processors.boilerplate.parting import _is_first
from processors.boilerplate.reading import read_page
from processors.boilerplate.roles import line_roles
from processors.boilerplate.stage import clean_text
from schemas.article import Clean

HARBOUR = {
    "en": """Harbour authority to close old northern pier
The harbour authority said on Monday that it would close the old northern pier in the coming weeks.
Engineers found cracks in eleven of the thirty columns of the pier, and divers confirmed them a day later.
“Nobody was in danger,” said harbour master Ole Brandt, who has run the port for more than ten years.
Fishermen who use the pier will be moved to the southern quay, where the town has built forty new berths.
Brandt said the harbour authority would pay for the move, and that the columns could not be repaired at all.
The pier was built in 1931 for ships that brought grain, and has served the fishermen of the port since 1970.""",
    "ar": """هيئة الموانئ تغلق الرصيف الشمالي القديم
أعلنت هيئة الموانئ يوم الاثنين أنها ستغلق الرصيف الشمالي القديم في الأسابيع المقبلة لأسباب تتعلق بالسلامة.
وعثر المهندسون على شقوق في أحد عشر عمودا من أعمدة الرصيف الثلاثين، وأكد الغواصون ذلك بعد يوم واحد من الفحص.
وقال مدير الميناء أولي براندت الذي يتولى منصبه منذ أكثر من عشر سنوات إن أحدا لم يكن في خطر في أي وقت.
وسينقل الصيادون الذين يستعملون الرصيف إلى الرصيف الجنوبي حيث بنت البلدية أربعين مرسى جديدا خلال العام الحالي.
وأضاف براندت أن هيئة الموانئ ستتحمل كلفة النقل كاملة، وأن أعمدة الرصيف لا يمكن إصلاحها بأي حال من الأحوال.
وبني الرصيف عام 1931 لسفن كانت تحمل القمح، ويخدم صيادي الميناء منذ عام 1970 بعد أن توقفت تجارة الحبوب فيه.""",
    "ru": """Порт закроет старый северный причал
Управление порта сообщило в понедельник, что закроет старый северный причал в ближайшие недели.
Инженеры нашли трещины в одиннадцати из тридцати колонн причала, и водолазы подтвердили это на следующий день.
«Никто не подвергался опасности», — сказал начальник порта Оле Брандт, который руководит им более десяти лет.
Рыбаков, которые пользуются причалом, переведут на южную набережную, где город построил сорок новых мест.
Брандт добавил, что управление порта оплатит переезд рыбаков, а колонны причала починить уже невозможно.
Причал построили в 1931 году для судов с зерном, а с 1970 года он служит рыбакам, которые живут у порта.""",
}
SCHOOLS = {
    "en": """Teachers in Valdora end their strike after nine days
By Mira Castell
4 March 2026
Teachers in the mountain province of Valdora returned to their classrooms on Wednesday after a strike of nine days.
The union and the education ministry agreed on smaller classes and on a rise in wages of four per cent a year.
Union leader Tomas Virek called the agreement a beginning, and said that rural schools still lacked textbooks.
About 12,000 pupils had stayed at home during the strike, and examinations were put off until the end of June.
Minister Elena Dorsu told parliament that the budget would allow 300 further teachers to be employed by autumn.
Parents' groups in Valdora welcomed the news, but asked for lessons on Saturdays to make up for those lost.""",
    "ar": """معلمو فالدورا ينهون إضرابهم بعد تسعة أيام
بقلم: ميرا كاستل
4 مارس 2026
عاد معلمو إقليم فالدورا الجبلي إلى فصولهم الدراسية يوم الأربعاء بعد إضراب استمر تسعة أيام متواصلة.
واتفقت النقابة ووزارة التعليم على تقليل عدد التلاميذ في الفصول وعلى زيادة الأجور بنسبة أربعة في المئة سنويا.
ووصف زعيم النقابة توماس فيريك الاتفاق بأنه بداية، وقال إن مدارس الريف ما زالت تفتقر إلى الكتب المدرسية.
وبقي نحو 12000 تلميذ في بيوتهم خلال الإضراب، وأجلت الامتحانات النهائية إلى آخر شهر يونيو المقبل.
وقالت الوزيرة إيلينا دورسو أمام البرلمان إن الميزانية تسمح بتوظيف 300 معلم إضافي قبل حلول الخريف.
ورحبت جمعيات أولياء الأمور في فالدورا بالخبر، لكنها طالبت بدروس أيام السبت لتعويض التلاميذ عما فاتهم.""",
    "ru": """Учителя Валдоры закончили забастовку через девять дней
Автор: Мира Кастель
4 марта 2026
Учителя горной провинции Валдора вернулись в классы в среду после забастовки, которая длилась девять дней.
Профсоюз и министерство образования договорились о меньших классах и о росте зарплат на четыре процента в год.
Лидер профсоюза Томас Вирек назвал соглашение началом и сказал, что сельским школам не хватает учебников.
Около 12 000 учеников оставались дома во время забастовки, а экзамены перенесли на самый конец июня.
Министр Элена Дорсу заявила парламенту, что бюджет позволит нанять до осени ещё триста учителей.
Родители в Валдоре обрадовались новости, но попросили об уроках по субботам взамен пропущенных.""",
}
FOOTER = {
    "en": ["Share this article", "Advertisement", "Comments (12)", "Back to top"],
    "ar": ["شارك المقال", "- مساحة إعلانية -", "التعليقات (٣)", "العودة إلى الأعلى"],
    "ru": ["Поделиться", "Реклама", "Комментарии (5)", "Наверх"],
}


def _page(language: str) -> str:
    return "\n".join([HARBOUR[language], *FOOTER[language], SCHOOLS[language], *FOOTER[language]])


def _clean(page: str, language: str, url: str | None = None) -> Clean:
    clean = clean_text(page, language, "2026-03-05T00:00:00Z", url=url)
    assert clean is not None
    return clean


@pytest.mark.parametrize("language", HARBOUR)
def test_the_first_is_the_text_and_the_second_is_told(language: str) -> None:
    page = _page(language)
    clean = _clean(page, language)
    headline, *paragraphs = HARBOUR[language].split("\n")
    assert (clean.title, clean.text.split("\n")) == (headline, paragraphs)
    assert (clean.published_at, clean.byline) == (None, None)  # the other's
    assert clean.other_articles == [page.index(SCHOOLS[language])]
    others = [page[one.start : one.end] for one in clean.segments if one.role == "other_article"]
    assert set(SCHOOLS[language].split("\n")[3:]) < set(others)
    assert not set(FOOTER[language]) & set(others)
    assert [page[one.start : one.end] for one in clean.segments] == page.split("\n")


@pytest.mark.parametrize("language", HARBOUR)
@pytest.mark.parametrize("story", [HARBOUR, SCHOOLS])
def test_either_alone_is_one_article(story: dict[str, str], language: str) -> None:
    page = "\n".join([story[language], *FOOTER[language]])
    assert _clean(page, language).other_articles == []


def test_the_one_its_address_speaks_of_is_the_text() -> None:
    page = _page("en")
    clean = _clean(page, "en", "https://news.example.org/valdora-teachers-end-strike-after-nine-days.html")
    headline, _, date, *paragraphs = SCHOOLS["en"].split("\n")
    assert (clean.title, clean.text.split("\n")) == (headline, paragraphs)
    assert (clean.published_at, clean.published_evidence, clean.byline) == (
        "2026-03-04",
        date,
        "Mira Castell",
    )
    assert clean.other_articles == [0]
    first = _clean(page, "en", "https://news.example.org/harbour-authority-closes-northern-pier")
    assert first.other_articles == [page.index(SCHOOLS["en"])]


def test_a_word_to_the_reader_and_a_summary_are_no_article_of_their_own() -> None:
    """They stand apart from the story, whose first picture's words look like another headline."""
    headline, *story = HARBOUR["en"].split("\n")
    word = (
        "Thank you for reading us with an old browser, in which pages may look unlike what their authors had in "
        "mind; to see everything as it was meant to be seen we recommend a newer one, or the one that you have "
        "with its compatibility mode switched off. In the meantime, so that you may go on reading, the pages are "
        "shown without their styles and scripts, pictures and maps."
    )
    summary = "Cracked columns force a town to part with what its grandfathers built for grain and fish."
    above = [word, "Home", "News", headline, summary, "Share", "Divers below the pier last week"]
    page = read_page(split_lines("\n".join([*above, *story])), "en")
    roles = line_roles(page)
    begin = above.index("Divers below the pier last week")
    assert _is_first(page, roles, begin)
    assert not _is_first(page, roles, begin + 5)
