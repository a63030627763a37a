"""A real Kafka broker (KRaft, one node) on a loopback port."""

from __future__ import annotations

import base64
import shutil
import uuid
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from wirewatch.local.classes import ClassSet
from wirewatch.local.jars import KAFKA
from wirewatch.local.process import Service, free_ports, is_open, write_properties

MESSAGE_BYTES_MAX = 16 * 1024 * 1024
PROBE_GROUP = "wirewatch-ready"

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
num.partitions=4
message.max.bytes={message_bytes_max}
replica.fetch.max.bytes={message_bytes_max}
group.initial.rebalance.delay.ms=0
# one node: nothing to replicate to
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# the default, 128 MB, is half our heap
log.cleaner.dedupe.buffer.size=4194304
# after a crash the next start waits for the old session to end
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=1000
"""


class Kafka(Service):
    """The broker. `bootstrap_servers` is valid once started, and stays over `restart`."""

    name = "kafka"
    jar_set = KAFKA
    class_set = ClassSet(("Guard.java",))
    main_class = "kafka.Kafka"
    heap_mb = 256
    jvm_options = ("-XX:TieredStopAtLevel=1",)
    controller_port = 0

    @property
    def bootstrap_servers(self) -> str:
        """`host:port`."""
        return f"127.0.0.1:{self.port}"

    def arguments(self) -> Sequence[str]:
        """Write `server.properties`; format the data folder the first time."""
        self.port, self.controller_port = free_ports(self.port, self.controller_port)
        data = self.folder / "data"
        if not data.exists():
            self._format(data)
        return [self._write_configuration("server.properties", data)]

    def _format(self, data: Path) -> None:
        """Format aside and move into place: being killed half-way leaves nothing half-formatted."""
        fresh = self.folder / "formatting"
        shutil.rmtree(fresh, ignore_errors=True)
        config = self._write_configuration("format.properties", fresh)
        self.run_tool("kafka.tools.StorageTool", "format", "--standalone", "-t", _cluster_id(), "-c", config)
        fresh.replace(data)

    def _write_configuration(self, name: str, data: Path) -> str:
        config = self.folder / name
        write_properties(config, self.properties(data))
        return str(config)

    def properties(self, data: Path) -> str:
        """The broker's `server.properties`, with its log in `data`. Of a key given twice the last counts."""
        return PROPERTIES.format(
            port=self.port,
            controller_port=self.controller_port,
            data=data.as_posix(),
            message_bytes_max=MESSAGE_BYTES_MAX,
        )

    def is_ready(self) -> bool:
        """Every partition has a leader, and the group coordinator answers.

        The client is asked only once the port is open: it leaks the sockets of refused connections.
        """
        if not is_open(self.port):
            return False
        from kafka import KafkaAdminClient
        from kafka.errors import KafkaError

        try:
            with closing(
                KafkaAdminClient(
                    bootstrap_servers=self.bootstrap_servers,
                    request_timeout_ms=5000,
                    bootstrap_timeout_ms=2000,
                )
            ) as admin:
                topics = admin.describe_topics()
                admin.list_group_offsets({PROBE_GROUP: None})
        except KafkaError:
            return False
        return all(partition["leader_id"] >= 0 for topic in topics for partition in topic["partitions"])


def _cluster_id() -> str:
    """A random id as Kafka writes them: 22 characters, the first not `-`, which reads as an option."""
    while (name := base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()).startswith("-"):
        pass
    return name
