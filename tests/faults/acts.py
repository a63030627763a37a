"""Acts of sanctions that the stream tells, in six languages. All is invented.

Each act is an issuer and a state aimed at, so that no two can be taken for one: what is told of one act,
in whatever language and order, is due one alert.
"""

from __future__ import annotations

from itertools import product

LANGUAGES = ("en", "fr", "de", "es", "ru", "ar")

_ISSUERS = """
Britain|La Grande-Bretagne|Großbritannien|Gran Bretaña|Великобритания|بريطانيا
Canada|Le Canada|Kanada|Canadá|Канада|كندا
Australia|L'Australie|Australien|Australia|Австралия|أستراليا
Japan|Le Japon|Japan|Japón|Япония|اليابان
Switzerland|La Suisse|Die Schweiz|Suiza|Швейцария|سويسرا
Norway|La Norvège|Norwegen|Noruega|Норвегия|النرويج
Ukraine|L'Ukraine|Die Ukraine|Ucrania|Украина|أوكرانيا
"""
_AIMED_AT = """
Iranian|iraniens|iranische|iraníes|Ирана|إيرانيا
Russian|russes|russische|rusos|России|روسيا
Syrian|syriens|syrische|sirios|Сирии|سوريا
Belarusian|biélorusses|belarussische|bielorrusos|Белоруссии|بيلاروسيا
Venezuelan|vénézuéliens|venezolanische|venezolanos|Венесуэлы|فنزويليا
"""
_TELLINGS = {  # title and lead
    "en": "{i} imposes sanctions\n\n{i} imposed sanctions on {n} {t} officials on Tuesday, its foreign ministry said in a statement.",
    "fr": "{i} impose des sanctions\n\n{i} a imposé des sanctions à {n} responsables {t} mardi, a annoncé le ministère.",
    "de": "{i} verhängt Sanktionen\n\n{i} hat am Dienstag Sanktionen gegen {n} {t} Beamte verhängt, teilte das Ministerium mit.",
    "es": "{i} impone sanciones\n\n{i} impuso sanciones a {n} funcionarios {t} el martes, informó el ministerio.",
    "ru": "{i} ввела санкции\n\n{i} ввела санкции против {n} чиновников {t}, сообщило министерство во вторник.",
    "ar": "{i} تفرض عقوبات\n\nفرضت {i} عقوبات على {n} مسؤولا {t} يوم الثلاثاء، وفق بيان للوزارة.",
}
_CLOSING = {
    "en": "The rules take effect within {d} days, the ministry added.",
    "fr": "Les règles entrent en vigueur dans {d} jours, a ajouté le ministère.",
    "de": "Die Regeln gelten in {d} Tagen, hieß es weiter.",
    "es": "Las normas entran en vigor en {d} días, añadió el ministerio.",
    "ru": "Правила вступят в силу через {d} дней, добавили в министерстве.",
    "ar": "وتدخل القواعد حيز التنفيذ خلال {d} يوما، بحسب الوزارة.",
}
_FIRST_COUNT = 5


def _columns(table: str) -> list[dict[str, str]]:
    return [dict(zip(LANGUAGES, line.split("|"), strict=True)) for line in table.strip().splitlines()]


ACTS = tuple(product(_columns(_ISSUERS), _columns(_AIMED_AT)))


def telling(act: int, language: str, days: int) -> str:
    """An article that tells an act, by its number; `days` is what one telling has of its own."""
    issuer, aimed_at = ACTS[act]
    told = _TELLINGS[language].format(i=issuer[language], t=aimed_at[language], n=_FIRST_COUNT + act)
    return f"{told}\n\n{_CLOSING[language].format(d=days)}"
