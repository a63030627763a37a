"""What a sentence leaves in force is no act, beside what it lifts or alone."""

from __future__ import annotations

import pytest

from tests.unit.sanctions.test_turns import told

LIFTED_AND_KEPT = [
    ("en", "The European Union lifted trade sanctions on Niger but keeps asset freezes on five generals."),
    ("fr", "La CEDEAO lève les sanctions contre le Niger mais maintient le gel des avoirs de cinq généraux."),
    ("es", "La UE levanta las sanciones a Níger pero mantiene la congelación de activos de cinco generales."),
    ("de", "Die EU hebt die Handelssanktionen gegen Niger auf, hält aber das Einfrieren der Vermögen von fünf Generälen aufrecht."),
    ("ru", "ЕС снял торговые санкции с Нигера, но сохранил заморозку активов пяти генералов."),
    ("tr", "AB, Nijer'e yönelik ticaret yaptırımlarını kaldırdı ancak beş generalin mal varlığı dondurma kararını sürdürdü."),
    ("ar", "رفع الاتحاد الأوروبي العقوبات التجارية عن النيجر لكنه يبقي على تجميد أصول خمسة جنرالات."),
    ("fa", "اتحادیه اروپا تحریم‌های تجاری نیجر را لغو کرد اما مسدودسازی دارایی‌های پنج ژنرال را حفظ کرد."),
    ("zh", "欧盟解除对尼日尔的贸易制裁，但保留对五名将军的资产冻结。"),
    ("ko", "유럽연합은 니제르에 대한 무역 제재를 해제했지만 장성 5명의 자산 동결은 유지했다."),
]  # fmt: skip
STILL_IN_FORCE = [
    ("en", "The European Union lifted trade sanctions on Niger on Friday. The asset freezes on five generals remain in place."),
    ("fr", "L'Union européenne a levé vendredi les sanctions contre le Niger. Le gel des avoirs de cinq généraux, dont un ancien chef de la garde, reste en revanche en vigueur."),
    ("es", "La UE levantó el viernes las sanciones a Níger. La congelación de activos de cinco generales sigue vigente."),
    ("de", "Die EU hob am Freitag Sanktionen gegen Niger auf. Das Einfrieren der Vermögen von fünf Generälen bleibt in Kraft."),
    ("ru", "ЕС снял в пятницу торговые санкции с Нигера. Заморозка активов пяти генералов остаётся в силе."),
    ("ko", "유럽연합은 28일 니제르에 대한 제재를 해제했다. 장성 5명에 대한 자산 동결은 유지된다."),
    ("fa", "اتحادیه اروپا روز جمعه تحریم‌های نیجر را لغو کرد. مسدودسازی دارایی‌های پنج ژنرال پابرجا می‌ماند."),
]  # fmt: skip


@pytest.mark.parametrize("models", ["builtin", "gazetteer"])
@pytest.mark.parametrize(("language", "text"), LIFTED_AND_KEPT)
def test_only_what_is_lifted_is_told(language: str, text: str, models: str) -> None:
    (sanction,) = told(language, text, models)
    assert sanction.act == "lifted"
    assert sanction.counts == []


@pytest.mark.parametrize("models", ["builtin", "gazetteer"])
@pytest.mark.parametrize(("language", "text"), STILL_IN_FORCE)
def test_what_stays_in_force_is_not_imposed(language: str, text: str, models: str) -> None:
    assert [sanction.act for sanction in told(language, text, models) if sanction.act == "imposed"] == []


@pytest.mark.parametrize("models", ["builtin", "gazetteer"])
def test_what_is_added_beside_is_an_act(models: str) -> None:
    text = "The European Union lifted trade sanctions on Niger, kept its arms embargo and added 12 people to its blacklist."
    acts = {sanction.act: [count.n for count in sanction.counts] for sanction in told("en", text, models)}
    assert acts == {"lifted": [], "imposed": [12]}
