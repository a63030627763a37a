"""Two threads may read their first record at one moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FRESH_KINDS = 300
READING = """
import sys, threading, types
from schemas.wire import parse

sys.setswitchinterval(1e-6)
NESTED = "class C{0}(msgspec.Struct):\\n    a: int = 0\\n    b: C{1} | None = None\\n    c: list[C{1}] = []\\n"
KINDS = "from __future__ import annotations\\nimport msgspec\\n" + "".join(
    NESTED.format(depth, depth + 1) for depth in range(12)
) + "class C12(msgspec.Struct):\\n    a: int = 0\\n"
DATA = b'{"a":1,"b":{"a":1,"b":{"a":2,"b":{"a":3}}},"c":[{"a":1,"b":{"a":2}}]}'

for number in range(int(sys.argv[1])):
    module = sys.modules[f"fresh{number}"] = types.ModuleType(f"fresh{number}")
    exec(KINDS, module.__dict__)
    gate, read = threading.Barrier(2), []

    def first_record():
        gate.wait()
        read.append(parse(DATA, module.C0).b.b.b.a)

    threads = [threading.Thread(target=first_record) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == [3, 3]
"""


def test_two_threads_read_their_first_record_at_one_moment() -> None:
    """Kinds of records that nobody has read, in a process that may die of it."""
    done = subprocess.run(
        [sys.executable, "-c", READING, str(FRESH_KINDS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("module", "kinds"),
    [
        ("schemas.topics", ["schemas.topics.RAW.record", "schemas.topics.ALERTS.record"]),
        ("sinks.alerts.delivery", ["sinks.elasticsearch.documents.AlertDocument"]),
        ("sinks.alerts.memory", ["sinks.elasticsearch.documents.MemoryDocument"]),
        ("sinks.alerts.stored", ["sinks.alerts.rule.Rule"]),
        ("wirewatch.desk.app", ["sinks.elasticsearch.query.Question", "wirewatch.desk.rules.Silence"]),
    ],
)
def test_what_threads_read_is_known_before_there_are_any(module: str, kinds: list[str]) -> None:
    asked = f"import {module}, pkgutil; from schemas import wire; "
    asked += f"print([one for one in {kinds} if pkgutil.resolve_name(one) not in wire._decoders])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
