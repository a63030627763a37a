"""The doctor sees what is there, and names the cure for what is not."""

from pathlib import Path

from click.testing import CliRunner

from sinks.alerts.rules import load_rules, rule_files
from sinks.alerts.stored import store
from sinks.elasticsearch.indices import apply
from wirewatch.commands.doctor import command
from wirewatch.doctor import Finding, examine
from wirewatch.elastic import elasticsearch_client
from wirewatch.kafka import admin_options
from wirewatch.local import LocalServices
from wirewatch.local.process import free_port
from wirewatch.settings import Settings, load_settings
from wirewatch.topics import apply_topics


def by_subject(settings: Settings) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(settings)}


def test_a_set_up_without_indices_is_told_to_make_them_and_then_is_well(settings: Settings) -> None:
    from kafka import KafkaAdminClient

    before = by_subject(settings)
    assert before["Kafka"].verdict == before["Elasticsearch"].verdict == "ok"
    assert before["indices"].verdict == "fault"
    assert "wirewatch index apply" in before["indices"].mend
    with elasticsearch_client(settings.elasticsearch) as client:
        apply(client, settings.elasticsearch.index_prefix)
        store(client, settings.elasticsearch.index_prefix, load_rules(rule_files()))
    admin = KafkaAdminClient(**admin_options(settings.kafka))
    apply_topics(admin, settings.kafka)
    admin.close()
    after = by_subject(settings)
    faults = {subject: found.what for subject, found in after.items() if found.verdict == "fault"}
    assert faults.keys() <= {"groups", "dead letters", "partitions"}  # of other tests, which share the broker
    assert after["topics"].verdict == "ok"


def test_it_says_who_runs_the_services_of_the_folder(services: LocalServices) -> None:
    found = by_subject(load_settings(data_dir=services.settings.data_dir))
    assert found["who runs"].verdict == "ok"
    assert found["Kafka 4.4.0"].verdict == "ok"
    assert services.bootstrap_servers in found["Kafka"].what


def test_clusters_that_do_not_answer_are_faults_with_the_setting_to_correct(tmp_path: Path) -> None:
    nobody = load_settings(
        data_dir=tmp_path,
        kafka={"bootstrap_servers": f"127.0.0.1:{free_port()}"},
        elasticsearch={"url": f"http://127.0.0.1:{free_port()}"},
    )
    found = by_subject(nobody)
    assert found["Kafka"].verdict == found["Elasticsearch"].verdict == "fault"
    for subject, setting in (
        ("Kafka", "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS"),
        ("Elasticsearch", "WIREWATCH_ELASTICSEARCH__URL"),
    ):
        assert setting in found[subject].what + found[subject].mend


def test_a_fault_is_exit_code_one_and_is_printed_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = load_settings(data_dir=tmp_path / "file" / "data", cache_dir=tmp_path / "cache")
    answer = CliRunner().invoke(command, obj=settings)
    assert answer.exit_code == 1
    assert "WIREWATCH_DATA_DIR" in answer.output
    assert "of 45 jars are missing" in answer.output
