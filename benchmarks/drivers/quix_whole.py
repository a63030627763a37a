"""Quix Streams in its shortest form: one process, all stages in one `apply`, nothing kept in its state."""

from __future__ import annotations

from quixstreams import Application
from whole import COMMIT_SECONDS, Whole, drive


def main() -> None:
    given = drive()
    through = Whole(given.model)
    app = Application(
        given.brokers,
        consumer_group=given.prefix,
        auto_offset_reset="earliest",
        commit_interval=COMMIT_SECONDS,
        state_dir=given.folder,
        auto_create_topics=False,
        producer_extra_config={"acks": "all", "compression.type": "lz4"},
        loglevel="WARNING",
    )
    source = app.topic(given.source, value_deserializer="bytes", key_deserializer="bytes")
    sink = app.topic(given.sink, value_serializer="bytes", key_serializer="bytes")
    frame = app.dataframe(source)
    frame = frame.apply(lambda raw: through([raw])[0][1])
    frame.to_topic(sink)
    app.run()


if __name__ == "__main__":
    main()
