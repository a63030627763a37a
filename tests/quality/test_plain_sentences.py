"""The plainest sentences of each act, in ten languages, and every kind of thing counted: none should be missed.

Found this way: Ottawa's acts told as China's, Turkish firms that were not counted (Türk was a unit), Spanish
businesspeople counted as firms, English headlines with a number in figures that were no act.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel import Locale

from processors.sanctions.counts import count_targets
from processors.sanctions.vocabulary import read_cues, split, vocabulary
from schemas.article import Sanction
from tests.unit.sanctions.test_turns import told

TABLE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "plain_sentences.yaml").read_text(encoding="utf-8")
)
LANGUAGES = list(TABLE["languages"])
ACTS = ("lifted", "extended", "threatened_or_called_for", "imposed")
STATES = ("GB", "CA", "AU", "CH", "NZ", "UA", "KR", "CN", "IR", "TR", "PL", "MD")
RIGHT_FLOOR = {"builtin": 0.96, "gazetteer": 0.99}
SEVEN = {
    "en": "Britain on Friday sanctioned 7 {adjective} {kind}.",
    "de": "London hat am Freitag 7 {adjective} {kind} sanktioniert.",
    "ru": "Лондон ввёл в пятницу санкции против 7 {adjective} {kind}.",
    "tr": "Londra cuma günü 7 {adjective} {kind} yaptırım listesine aldı.",
    "fr": "Londres a sanctionné vendredi 7 {kind} {adjective}.",
    "es": "Londres sancionó el viernes a 7 {kind} {adjective}.",
    "ar": "فرضت لندن الجمعة عقوبات على 7 {kind} {adjective}.",
    "fa": "لندن روز جمعه 7 {kind} {adjective} را تحریم کرد.",
    "ko": "영국은 28일 {adjective} {kind} 7명을 제재했다.",
}
ADJECTIVES = {
    "en": ("Turkish", "Lebanese", "European"),
    "de": ("türkische", "libanesische", "europäische"),
    "ru": ("турецких", "северокорейских", "португальских"),
    "tr": ("Türk", "İsrailli", "Güney Koreli"),
    "fr": ("turcs", "libanaises", "européennes"),
    "es": ("turcos", "libanesas", "europeas"),
    "ar": ("أتراك", "لبنانية", "أوروبية"),
    "fa": ("ترک", "لبنانی", "اروپایی"),
    "ko": ("러시아", "이란", "튀르키예"),
}


@pytest.mark.parametrize("models", list(RIGHT_FLOOR))
def test_each_act_is_told_of_who_acts(models: str) -> None:
    wrong, sentences = [], 0
    for language in LANGUAGES:
        row = TABLE["languages"][language]
        for act in ACTS:
            for template in row[act]:
                for name, entity in zip(row["issuers"], TABLE["issuers"], strict=True):
                    sentence = template.format(x=name)
                    sentences += 1
                    if _told(told(language, sentence, models)) != [(act, [entity])]:
                        wrong.append(sentence)
    assert len(wrong) <= (1 - RIGHT_FLOOR[models]) * sentences, wrong


@pytest.mark.parametrize("models", list(RIGHT_FLOOR))
def test_any_state_may_act(models: str) -> None:
    wrong, sentences = [], 0
    for language in LANGUAGES:
        names = Locale(language).territories
        for template in TABLE["languages"][language]["upon_seven"]:
            for state in STATES:
                sentence = template.format(x=names[state])
                sentences += 1
                found = told(language, sentence, models)
                seven = [[(count.n, count.of) for count in one.counts] for one in found]
                if _told(found) != [("imposed", [f"state:{state}"])] or seven != [[(7, "individuals")]]:
                    wrong.append(sentence)
    assert len(wrong) <= (1 - RIGHT_FLOOR[models]) * sentences, wrong


@pytest.mark.parametrize("language", list(SEVEN))
def test_every_kind_is_counted_whosever_it_is(language: str) -> None:
    words = vocabulary(language)
    assert words
    wrong = []
    for kind, group in _kinds(language):
        for adjective in ADJECTIVES[language]:
            cues = read_cues(SEVEN[language].format(adjective=adjective, kind=kind), words, needs_topic=False)
            assert cues
            if [(one.count.n, one.count.of) for one in count_targets(cues)] != [(7, group)]:
                wrong.append((kind, adjective))
    assert wrong == []


def _told(sanctions: list[Sanction]) -> list[tuple[str, list[str | None]]]:
    return [(one.act, [party.entity for party in one.issuers]) for one in sanctions]


def _kinds(language: str) -> list[tuple[str, str]]:
    """Each word for a kind of thing in the lexicon, a stem as it stands, with the kind."""
    path = resources.files("processors.sanctions") / "lexicon" / f"{language}.yaml"
    table = yaml.safe_load(path.read_text(encoding="utf-8"))["kinds"]
    return [
        (word.strip("*").replace("* ", " "), group)
        for group, row in table.items()
        if group != "states"
        for word in split(row)
    ]
