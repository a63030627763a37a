"""A day with a running `up`: feed it, search, look at what failed, ask how it is."""

from __future__ import annotations

import gzip
import json
import re
import uuid
from pathlib import Path

import pytest

from producers.writer import Writer
from schemas.topics import RAW
from tests.integration.journeys.wirewatch_process import Installation, wait_for
from wirewatch.kafka import producer_options
from wirewatch.local import running_services
from wirewatch.settings import KafkaSettings

ARABIC = """\
الوزارة تدرج شركتين على القائمة

أعلنت وزارة الخزانة الأميركية يوم الثلاثاء فرض عقوبات على شركتين، وللشركتين مكاتب في بيروت. وقال متحدث باسمها إن المصارف \
ستجمد الأموال، وبالعقوبات الجديدة يبلغ العدد عشرين.
"""
PAGE = """\
<html><head><title>Ponts fermés à Nantes</title></head><body><nav>Accueil Sport Météo</nav><article>
<h1>Ponts fermés à Nantes</h1><p>La mairie a fermé mardi deux ponts sur l’Erdre, le temps de vérifier leurs piles après la
crue du week-end, a annoncé l’adjoint aux transports.</p><p>Les riverains devront faire un détour d’une dizaine de minutes
jusqu’à la fin du mois, et deux lignes d’autobus changent de parcours.</p></article></body></html>
"""
LINES = [
    {"id": "ko-1", "source": "moran.example", "text": "정부, 기관 두 곳 제재\n\n정부는 17일 무기 거래에 관여한 기관 두 곳을 독자제재 대상으로 지정했다고 밝혔다. 외교부는 이번 제재를 우방국과 함께 준비했다고 설명했다."},
    {"id": "zh-1", "source": "lanxi.example", "text": "商务部宣布制裁两家企业\n\n商务部十七日发布公告,决定对两家企业实施制裁,并将其列入不可靠实体清单。发言人说,公告自发布之日起施行。"},
]  # fmt: skip
RUSSIAN = {
    "id": "ru-1", "source": "bereg.example",
    "text": "В порту открыли новый причал\n\nНовый причал для паромов открыли в понедельник в порту, сообщила администрация. "
    "Первый рейс выйдет в среду, а билеты поступят в продажу завтра утром.",
}  # fmt: skip


@pytest.fixture(scope="module")
def fed(here: Installation, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `produce` said of a folder with text and HTML, a gzipped file, and lines on standard input."""
    folder = tmp_path_factory.mktemp("outlet", numbered=False)
    (folder / "arabic.txt").write_text(ARABIC, "utf-8")
    (folder / "page.html").write_text(PAGE, "utf-8")
    with gzip.open(folder / "russian.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(RUSSIAN, ensure_ascii=False))
    first = here.run("produce", folder)
    second = here.run("produce", "-", stdin="\n".join(json.dumps(line) for line in LINES))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert (first.stderr, second.stderr) == ("", "")
    wait_for(lambda: len(here.found("*")) >= 5, "all five articles are in the index", 90)
    return first.stdout + second.stdout


def test_produce_says_how_many_were_acknowledged(fed: str) -> None:
    assert fed == "3 of 3 articles acknowledged\n2 of 2 articles acknowledged\n"


@pytest.mark.parametrize(
    ("query", "language", "source"),
    [
        ("عقوبات", "ar", "outlet"),
        ("العقوبات شركتين", "ar", "outlet"),
        ("مصارف", "ar", "outlet"),
        ("제재", "ko", "moran.example"),
        ("制裁", "zh", "lanxi.example"),
        ("билет", "ru", "bereg.example"),
        ("pont", "fr", "outlet"),
    ],
)
@pytest.mark.usefixtures("fed")
def test_search_finds_words_in_other_forms(
    here: Installation, query: str, language: str, source: str
) -> None:
    assert [(hit["language"], hit["source"]) for hit in here.found(query)] == [(language, source)]


@pytest.mark.usefixtures("fed")
def test_search_is_a_table_for_people(here: Installation) -> None:
    table = here.run("search", "--lang", "ar", "عقوبات")
    assert "الوزارة تدرج شركتين على القائمة" in table.stdout
    assert table.stdout.endswith("1 of 1 stories, 1 articles\n")
    assert table.stderr == ""
    nothing = here.run("search", uuid.uuid4().hex)
    assert (nothing.returncode, nothing.stdout) == (0, "nothing found\n")


def test_a_poisoned_record_is_listed_shown_replayed_and_mended(here: Installation, tmp_path: Path) -> None:
    running = running_services(here.folder)
    assert running is not None
    text = f"The pier was closed on Monday for repairs, the harbour office said in notice {uuid.uuid4().hex}."
    poison = json.dumps({"id": 7, "source": "pier.example", "text": text}).encode()
    with Writer(producer_options(KafkaSettings(bootstrap_servers=running.bootstrap_servers))) as writer:
        writer.send(RAW.name, b"pier", poison)
    wait_for(lambda: "wrong_type" in here.run("dlq", "list").stdout, "the dead letter")
    letter = re.search(r"^([0-9a-f]{32})  dead, wrong_type", here.run("dlq", "list").stdout, re.MULTILINE)
    assert letter is not None
    shown = here.run("dlq", "show", letter[1][:10])
    assert "articles.raw partition" in shown.stdout
    assert text in shown.stdout
    replayed = here.run("dlq", "replay", "--reason", "wrong_type")
    assert (replayed.returncode, replayed.stdout, replayed.stderr) == (0, "1 sent back to articles.raw\n", "")
    payload = here.run("dlq", "show", letter[1], "--raw").stdout
    mended = here.run("produce", "--format", "jsonl", "-", stdin=payload.replace('"id": 7', '"id": "7"'))
    assert mended.returncode == 0, mended.stderr
    wait_for(lambda: [hit["source"] for hit in here.found("pier repairs")] == ["pier.example"], "it is found")


def test_rules_topics_and_doctor_say_all_is_well(here: Installation) -> None:
    rules = here.run("rules", "list")
    assert (rules.returncode, rules.stderr) == (0, "")
    assert "new-sanctions-mention" in rules.stdout
    topics = here.run("topics", "show")
    assert (topics.returncode, topics.stderr) == (0, "")
    assert "missing" not in topics.stdout
    doctor = here.run("doctor")
    assert (doctor.returncode, doctor.stderr) == (0, ""), doctor.stdout
    assert "fault" not in doctor.stdout


def test_doctor_says_what_is_missing_where_nothing_runs(tmp_path: Path) -> None:
    doctor = Installation(tmp_path / "elsewhere").run("doctor")
    assert "nothing runs in" in doctor.stdout
    assert "→ `wirewatch up` starts everything" in doctor.stdout
    assert doctor.stderr == ""


@pytest.mark.parametrize(
    "arguments", [("search", "x"), ("produce", "-"), ("dlq", "list"), ("topics", "show")]
)
def test_commands_where_nothing_runs_say_how_to_start(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = Installation(tmp_path / "elsewhere").run(*arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "wirewatch up" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_second_up_is_refused_naming_the_holder(here: Installation) -> None:
    running = running_services(here.folder)
    assert running is not None
    second = here.run("up")
    assert second.returncode == 1
    assert f"process {running.pid} runs services in {here.folder}" in second.stderr


@pytest.mark.parametrize("command", ["up", "search", "produce", "enrich"])
def test_help_shows_examples_a_line_each(here: Installation, command: str) -> None:
    shown = here.run(command, "--help").stdout
    assert "\\b" not in shown
    assert len(re.findall(rf"^  (?:\S+ .*)?wirewatch {command}", shown, re.MULTILINE)) >= 2
