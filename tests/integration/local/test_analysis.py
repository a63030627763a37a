"""The languages' analysis on the local 7.17 node."""

import httpx
import pytest


def tokens(url: str, text: str, **how: object) -> list[str]:
    answer = httpx.post(f"{url}/_analyze", json={"text": text, **how})
    assert answer.is_success, answer.text
    return [token["token"] for token in answer.json()["tokens"]]


@pytest.mark.parametrize(
    ("analyzer", "one", "other"),
    [
        ("arabic", "والعقوبات", "عقوبات"),  # conjunction and article
        ("arabic", "بالعقوبات", "العقوبات"),  # preposition
        ("arabic", "إيران", "ايران"),  # hamza
        ("arabic", "العقوبــات", "العقوبات"),  # tatweel
        ("arabic", "عُقُوبَات", "عقوبات"),  # vowel marks
        ("arabic", "شركة", "شركه"),  # ta marbuta
        ("persian", "تحریم", "تحريم"),  # Persian and Arabic ya
        ("persian", "تحریم‌ها", "تحریم"),  # zero-width non-joiner before the plural
        ("russian", "санкциями", "санкции"),
        ("turkish", "Türkiye'nin", "Türkiye"),
        ("french", "l'Union", "Union"),
        ("german", "Sanktionen", "sanktion"),
        ("spanish", "sanciones", "sanción"),
        ("english", "sanctions", "sanction"),
    ],
)
def test_forms_of_a_word_meet(elasticsearch: str, analyzer: str, one: str, other: str) -> None:
    assert set(tokens(elasticsearch, one, analyzer=analyzer)) >= set(
        tokens(elasticsearch, other, analyzer=analyzer)
    )
    assert tokens(elasticsearch, other, analyzer=analyzer)
