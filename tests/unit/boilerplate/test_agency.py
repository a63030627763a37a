import pytest

from processors.boilerplate.agency import agency_of
from processors.boilerplate.credits import byline_of, is_credit, is_person
from processors.boilerplate.cues import read_cue


@pytest.mark.parametrize(
    ("first", "agency"),
    [
        ("OSLO (Northern Press) - The port will close its old pier.", "Northern Press"),
        ("OSLO (Reuters) — The port will close its old pier.", "Reuters"),
        ("(부산=바다통신) 김하늘 기자 = 항만청은 부두를 폐쇄한다.", "바다통신"),
        ("МОСКВА, 3 мая — РИА Новости. Порт закроет причал.", "RIA Novosti"),
        ("The port (built in 1902) is old - and it will close.", None),
        ("OSLO (The Pier) - The port will close its old pier.", None),
        ("The port will close its old pier.", None),
    ],
)
def test_datelines(first: str, agency: str | None) -> None:
    assert agency_of([first], furniture=["The Pier", "Weather"]) == agency


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("المصدر: رويترز", "Reuters"),
        ("المصدر: أفق الميناء", "أفق الميناء"),
        ("المصدر: الرصيف + وكالات", None),
        ("Le Quotidien avec Agence du Nord", "Agence du Nord"),
        ("(Agence du Nord)", "Agence du Nord"),
        ("Source: The Pier", None),
        ("Source: the harbour's own survey of 2024", None),
        ("Kaynak: dış haberler servisi", None),
        ("Sources", None),
    ],
)
def test_credits(line: str, agency: str | None) -> None:
    furniture = ["The Pier", "الرصيف", "Le Quotidien"]
    assert agency_of(["The port will close its old pier."], [line], furniture) == agency


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ingrid Halvorsen March 3, 2024", "Ingrid Halvorsen"),
        ("Von Ingrid Halvorsen mit dpa", "Ingrid Halvorsen"),
        ("By Ingrid Halvorsen at", "Ingrid Halvorsen"),
        ("By Ingrid Halvorsen and Nils Aas", "Ingrid Halvorsen and Nils Aas"),
    ],
)
def test_bylines_end_with_the_name(line: str, name: str) -> None:
    assert byline_of(line, read_cue(line)) == name


@pytest.mark.parametrize("name", ["Northline", "Reuters", "قسم الشؤون الدولية", "News desk", "온라인뉴스팀"])
def test_a_desk_or_an_agency_is_nobody(name: str) -> None:
    assert not is_person(name)


@pytest.mark.parametrize("name", ["Ingrid Halvorsen", "سلمى الحداد", "김하늘", "林晓雨"])
def test_a_person(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Рыбаки у причала. Фото: Мария Лужкова", True),
        ("Le vieux quai, en mars 2024. AGENCE DU NORD", True),
        ("الرصيف الشمالي بعد العاصفة - غيتي", True),
        ("옛 부두 전경 [북방통신 자료사진]", True),
        ("그는 부두가 낡았다고 말했다 [북방통신 김하늘]", False),
        ("The harbour master said: the pier is old.", False),
        ("He was tired. So was she.", False),
    ],
)
def test_picture_credits(line: str, expected: bool) -> None:
    assert is_credit(line) is expected


@pytest.mark.parametrize(
    "line",
    [
        "[관련기사] 부두는 왜 닫혔나",
        "İLGİLİ HABER: Rıhtım neden kapandı?",
        "Leé también: El puerto, calle por calle",
    ],
)
def test_a_tag_or_label_that_points_elsewhere(line: str) -> None:
    assert "related" in read_cue(line).label


def test_what_follows_a_cue_in_brackets_does_not_hide_it() -> None:
    assert read_cue("Listen to this story (3 min)").is_chrome
    assert not read_cue("Comments on the harbour (3 min)").is_chrome
