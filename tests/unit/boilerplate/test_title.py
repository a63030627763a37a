import pytest

from processors.boilerplate.title import Candidate, find_title, is_trail, signs_of, without_kicker


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("DEPORTESCuatro barcos para la regata del domingo", "Cuatro barcos para la regata del domingo"),
        ("SPORTFC-Kapitän fällt für drei Wochen aus", "FC-Kapitän fällt für drei Wochen aus"),
        ("MONDE Le port ferme ses deux vieux quais", "Le port ferme ses deux vieux quais"),
        ("SON DAKİKA Liman yarın sabah kapanıyor", "Liman yarın sabah kapanıyor"),
        ("HARBOUR Ferry line opens after nine years", "Ferry line opens after nine years"),
    ],
)
def test_a_section_before_the_headline_goes(line: str, headline: str) -> None:
    assert without_kicker(line, ["Home  Harbour  Weather"]) == headline


@pytest.mark.parametrize(
    "line",
    [
        "NATO Ministers meet in the old harbour",
        "UNICEF opens a school near the port",
        "SPORT is good for old harbour masters",
        "SPORTSMEN of the year are chosen today",
        "WORLD CUP OF ROWING BEGINS TODAY",
        "USAToday reports on the harbour works",
        "COVID: the harbour opens again",
        "World Cup of rowing begins today",
        "SPORT",
        "عاجل واشنطن تغلق الميناء القديم",
    ],
)
def test_a_headline_that_begins_in_capitals_stays(line: str) -> None:
    assert without_kicker(line, ["Home  Harbour  Weather"]) == line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("솔마을신문 > 정치 > 외교", True),
        ("Главная → Общество", True),
        ("Home / News / Harbour", True),
        ("Harbour closes", False),
        ("Either/or: the harbour chooses", False),
        ("« Le port ferme » : les pêcheurs protestent contre la décision de la ville", False),
        ("", False),
    ],
)
def test_trails(line: str, expected: bool) -> None:
    assert is_trail(line) is expected


BODY = "The harbour authority will close the old northern pier. Engineers found cracks in its columns."


def _find(*texts: str) -> int | None:
    count = len(texts)
    candidates = [Candidate(at, text, len(text.split()), count - at - 1) for at, text in enumerate(texts)]
    return find_title(candidates, BODY, {})


def test_the_line_that_the_article_says_again_is_the_headline() -> None:
    assert (
        _find("Weather tomorrow in town", "Harbour authority to close old northern pier", "Photos of the day")
        == 1
    )


def test_the_form_without_what_was_put_before_it_wins() -> None:
    headline = "Harbour authority to close old northern pier"
    assert _find("Home " + headline, headline) == 1
    assert _find(headline + " | Harbour News", "Weather tomorrow", headline) == 2


def test_of_two_lines_that_are_as_likely_the_lower_is_a_standfirst() -> None:
    headline, below = "Authority to close the old pier", "The old northern pier to be closed by authority"
    assert _find(headline, below) == 0
    assert _find("Photos of the day", below) == 1


def test_what_the_article_does_not_say_is_no_headline() -> None:
    assert _find("Weather tomorrow in town", "Ten recipes for summer evenings") is None


def test_no_candidates() -> None:
    assert _find() is None
    assert signs_of([], BODY, {}) == []
