"""A real Elasticsearch node on a loopback port: 7.17, which has the percolator, or 9 for its wire format."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import yaml

from wirewatch.local.classes import ClassSet
from wirewatch.local.jars import ELASTICSEARCH7, ELASTICSEARCH9
from wirewatch.local.process import Service, free_ports

PROBE_SECONDS = 3.0
SHARED_SOURCES = ("Guard.java", "LuceneFilters.java", "LanguageAnalysis.java")


class Elasticsearch(Service):
    """Elasticsearch 7.17.29. `url` is valid once started, and stays over `restart`."""

    name = "elasticsearch"
    jar_set = ELASTICSEARCH7
    class_set = ClassSet((*SHARED_SOURCES, "Elasticsearch7.java"))
    main_class = "wirewatch.Elasticsearch7"
    heap_mb = 512
    transport_port = 0

    @property
    def url(self) -> str:
        """`http://host:port`."""
        return f"http://127.0.0.1:{self.port}"

    def arguments(self) -> Sequence[str]:
        """Write `elasticsearch.yml`."""
        self.port, self.transport_port = free_ports(self.port, self.transport_port)
        config = self.folder / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "elasticsearch.yml").write_text(yaml.safe_dump(self.configuration()), encoding="utf-8")
        return [str(self.folder)]

    def configuration(self) -> dict[str, object]:
        """The node's settings. A full disk is the doctor's business: a lone node has nowhere to move to."""
        return {
            "cluster.name": "wirewatch-local",
            "node.name": "local",
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": self.port,
            "transport.port": self.transport_port,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.logs),
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }

    def is_ready(self) -> bool:
        """Cluster health is yellow or green."""
        try:
            answer = httpx.get(
                f"{self.url}/_cluster/health",
                params={"wait_for_status": "yellow", "timeout": "1s"},
                timeout=PROBE_SECONDS,
                trust_env=False,
            )
        except httpx.HTTPError:
            return False
        return answer.is_success and not answer.json()["timed_out"]


class Elasticsearch9(Elasticsearch):
    """Elasticsearch 9.5.3: kNN and the current wire format, but no percolator."""

    name = "elasticsearch9"
    jar_set = ELASTICSEARCH9
    class_set = ClassSet((*SHARED_SOURCES, "ClassPathPlugins.java", "Elasticsearch9.java"), oldest_java=21)
    main_class = "org.elasticsearch.node.Elasticsearch9"
    jvm_options = ("--enable-native-access=ALL-UNNAMED",)
