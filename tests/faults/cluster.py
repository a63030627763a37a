"""The cluster under test: real broker and node, each behind a proxy, and every process of the pipeline twice.

Workers, sinks and producers reach the services through the proxies alone; the harness itself goes past
them. Whatever falls is started again, as a supervisor would: workers and sinks by the project's own
`Children`, services on their data and ports.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec
from kafka.admin import KafkaAdminClient

from sinks.alerts.rules import load_rules, rule_files
from sinks.alerts.stored import store
from sinks.elasticsearch.indices import apply
from tests.faults.clocks import Clocks
from tests.faults.disks import Disk
from tests.faults.feeding import Job
from tests.faults.proxy import Proxy
from tests.integration.sinks.receivers import web
from wirewatch.children import Children
from wirewatch.elastic import elasticsearch_client
from wirewatch.kafka import admin_options
from wirewatch.lag import readers
from wirewatch.local.elasticsearch import Elasticsearch
from wirewatch.local.kafka import Kafka
from wirewatch.local.process import Service, free_ports
from wirewatch.settings import PREFIX, Settings, load_settings
from wirewatch.topics import apply_topics

ROOT = Path(__file__).resolve().parents[2]
INSTANCES = "ab"
FLOW = "intake,stories,threads,designations"
WORKERS = {
    f"{name}-{instance}": ("worker", "--instance", instance, "--groups", groups, "--end-with-parent")
    for name, groups in (("flow", FLOW), ("understanding", "understanding"))
    for instance in INSTANCES
}
SINKS = {f"sink-{instance}": ("sink", "--end-with-parent") for instance in INSTANCES}
PRODUCERS = ("producer-a", "producer-b")
SERVICES = ("broker", "node")
SUPERVISE_SECONDS = 0.2
MEMBERS_SECONDS_MAX = 120.0
PROXIED = """
listeners=PLAINTEXT://127.0.0.1:{port},PROXIED://127.0.0.1:{proxied_port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},PROXIED://127.0.0.1:{advertised_port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
"""


class NotStartedError(Exception):
    """Some process of the pipeline never came up."""


class Broker(Kafka):
    """A broker with a second listener, which names the proxy as its address."""

    proxied_port = 0
    advertised_port = 0

    def launch(self) -> None:
        """Start without waiting, on the ports it had."""
        self.proxied_port, self.port, self.controller_port = free_ports(
            self.proxied_port, self.port, self.controller_port
        )
        super().launch()

    def properties(self, data: Path) -> str:
        """The listener beside the ordinary ones."""
        return super().properties(data) + PROXIED.format(
            port=self.port,
            proxied_port=self.proxied_port,
            controller_port=self.controller_port,
            advertised_port=self.advertised_port,
        )


class Node(Elasticsearch):
    """A node that writes one request at a time and lets one wait: the next is answered with 429."""

    def configuration(self) -> dict[str, object]:
        """The narrow queue beside the ordinary settings."""
        return super().configuration() | {"thread_pool.write.size": 1, "thread_pool.write.queue_size": 1}


@dataclass
class Producer:
    """One producer's process and what it is to do; ended with 0, it is done."""

    name: str
    job: Job
    process: subprocess.Popen[bytes] | None = None

    @property
    def is_done(self) -> bool:
        """Whether all of its share is acknowledged."""
        return self.process is not None and self.process.poll() == 0


@dataclass
class Cluster:
    """A context manager: everything runs on entering, and nothing is left on leaving."""

    folder: Path
    names_model: str = "gazetteer"
    producers: list[Producer] = field(default_factory=list)
    held_down: set[str] = field(default_factory=set)

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            self.disks = {name: Disk(self.folder / name) for name in ("state", "kafka", "elasticsearch")}
            for disk in self.disks.values():
                opening.callback(disk.close)
            self.clocks = Clocks(self.folder)
            self._start_services(opening)
            self.hook = opening.enter_context(web())
            self.settings = self._settings(self.broker.bootstrap_servers, self.node.url)
            self._prepare(opening)
            self._start_children(opening)
            self._supervise(opening)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def pid(self, name: str) -> int | None:
        """The process id of whatever is called so, while it runs."""
        if name in SERVICES:
            service = self.services[name]
            return service.process.pid if service.running and service.process else None
        for producer in self.producers:
            if producer.name == name:
                running = producer.process is not None and producer.process.poll() is None
                return producer.process.pid if running and producer.process else None
        return self.children.pid(name)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process, if it runs."""
        pid = self.pid(name)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def feed(self, jobs: list[Job]) -> None:
        """Start a producer for each job; those of a run before are done with."""
        before, self.producers = self.producers, []
        _end(before)
        for name, job in zip(PRODUCERS, jobs, strict=True):
            (self.folder / f"{name}.json").write_bytes(msgspec.json.encode(job))
        self.producers = [Producer(name, job) for name, job in zip(PRODUCERS, jobs, strict=True)]

    def orphans(self) -> dict[int, str]:
        """Processes that work in this folder, beside this one. After leaving, there is none."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (process / "cmdline").read_bytes()
                known = words + (process / "environ").read_bytes()
                if str(self.folder).encode() in known and int(process.name) != os.getpid():
                    found[int(process.name)] = words.replace(b"\0", b" ").decode(errors="replace")[-120:]
        return found

    def _start_services(self, opening: ExitStack) -> None:
        given = load_settings(data_dir=self.folder)
        self.broker = Broker(self.folder / "kafka", given)
        self.node = Node(self.folder / "elasticsearch", given)
        self.services: dict[str, Service] = {"broker": self.broker, "node": self.node}
        self.proxies = {
            "broker": opening.enter_context(Proxy(lambda: self.broker.proxied_port)),
            "node": opening.enter_context(Proxy(lambda: self.node.port)),
        }
        self.broker.advertised_port = self.proxies["broker"].port
        for service in self.services.values():
            opening.callback(service.stop)
            service.launch()
        for service in self.services.values():
            service.wait_until_ready()

    def _settings(self, bootstrap_servers: str, url: str) -> Settings:
        return load_settings(
            data_dir=self.folder,
            kafka={"bootstrap_servers": bootstrap_servers},
            elasticsearch={"url": url},
        )

    def _prepare(self, opening: ExitStack) -> None:
        with closing(KafkaAdminClient(**admin_options(self.settings.kafka))) as admin:
            apply_topics(admin, self.settings.kafka)
        self.elasticsearch = opening.enter_context(elasticsearch_client(self.settings.elasticsearch))
        prefix = self.settings.elasticsearch.index_prefix
        apply(self.elasticsearch, prefix)
        store(self.elasticsearch, prefix, load_rules(rule_files()))

    def _start_children(self, opening: ExitStack) -> None:
        self.environment = self.clocks.environment | {
            f"{PREFIX}DATA_DIR": str(self.folder),
            f"{PREFIX}KAFKA__BOOTSTRAP_SERVERS": f"127.0.0.1:{self.proxies['broker'].port}",
            f"{PREFIX}ELASTICSEARCH__URL": f"http://127.0.0.1:{self.proxies['node'].port}",
            f"{PREFIX}NAMES__MODEL": self.names_model,
            f"{PREFIX}ALERTS__CONSOLE": "false",
            f"{PREFIX}ALERTS__WEBHOOK_URL": self.hook.url,
        }
        self.children = Children(self.environment)
        opening.callback(self.children.stop)
        for name, arguments in (WORKERS | SINKS).items():
            self.children.start(name, arguments, self.folder / "logs" / f"{name}.log")
        self._wait_for_members()

    def _wait_for_members(self) -> None:
        """Until both of every group are there: what never ran can't be broken."""
        groups = list(dict.fromkeys(reader.group for reader in readers("live")))
        deadline = time.monotonic() + MEMBERS_SECONDS_MAX
        with closing(KafkaAdminClient(**admin_options(self.settings.kafka))) as admin:
            while True:
                members = {
                    name: len(found["members"]) for name, found in admin.describe_groups(groups).items()
                }
                if min(members.values()) >= len(INSTANCES):
                    return
                if time.monotonic() > deadline:
                    raise NotStartedError(
                        f"after {MEMBERS_SECONDS_MAX:.0f} s there are {members}; see {self.folder}/logs"
                    )
                self.children.restart_fallen()
                time.sleep(0.5)

    def _supervise(self, opening: ExitStack) -> None:
        stop = threading.Event()
        thread = threading.Thread(target=self._keep_alive, args=(stop.wait,), name="supervisor")

        def end() -> None:
            stop.set()
            thread.join()
            _end(self.producers)

        thread.start()
        opening.callback(end)

    def _keep_alive(self, wait: Callable[[float], bool]) -> None:
        while not wait(SUPERVISE_SECONDS):
            with suppress(OSError):  # a full disk: the next time, perhaps
                self.children.restart_fallen()
                self._start_fallen()

    def _start_fallen(self) -> None:
        for producer in self.producers:
            if not producer.is_done and self.pid(producer.name) is None:
                self._start_producer(producer)
        for name, service in self.services.items():
            if not service.running and name not in self.held_down:
                service.kill()  # reaps it
                service.launch()

    def _start_producer(self, producer: Producer) -> None:
        if producer.process is not None:
            _close(producer.process.stdin)
            time.sleep(SUPERVISE_SECONDS)
        with (self.folder / "logs" / f"{producer.name}.log").open("ab") as log:
            producer.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.feeding", str(self.folder / f"{producer.name}.json")],
                cwd=ROOT,
                env=os.environ | self.environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _end(producers: list[Producer]) -> None:
    for producer in producers:
        if producer.process is not None:
            producer.process.kill()
            producer.process.wait()
            _close(producer.process.stdin)


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        pipe.close()
