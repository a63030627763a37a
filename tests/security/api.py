"""Schemathesis against the desk and the push endpoint, each as a process over a real broker and node.

    python -m tests.security.api --cases 2000 [--seed 7] [--only desk]

It reads the description that each serves, and asks what the description allows and what it forbids: every
operation, method, parameter and body, with and without the token, in sequences. All its checks are on.
Twice: with strings that must be taken (`formats.py`), and with any strings. Exit status 1 where anything
was found, with the request that shows it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.security import served
from wirewatch.local import LocalServices
from wirewatch.settings import load_settings

ROOT = Path(__file__).parents[2]
ENDLESS = "/api/stream"
"""It answers for ever; tests/integration/desk/test_stream.py looks at it."""
CONFIG = """
# too much is told by 413
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "413", "415", "422"]

# a rule and a question are languages of their own, and what is asked by meaning has no pages:
# no schema says all that makes one
[[operations]]
include-path = ["/api/articles", "/api/rules/test", "/api/rules/{id}", "/api/searches/{name}"]
checks.positive_data_acceptance.expected-statuses = ["200", "400", "404", "409", "422"]
"""
DESCRIBED = {"desk": "api/openapi.json", "push": "openapi.json"}


@dataclass(frozen=True)
class Attack:
    """How hard: `cases` an operation and a phase, the `phases` of schemathesis, the `seed` of what is drawn,
    and `more` of schemathesis' own options.
    """

    cases: int
    seed: int
    phases: str = "examples,coverage,fuzzing,stateful"
    more: tuple[str, ...] = ()

    def on(self, url: str, folder: Path, *, all_strings: bool) -> subprocess.CompletedProcess[str]:
        """Attack what a description at `url` describes; `all_strings` also where only some may be taken."""
        hooks = (
            {} if all_strings else {"SCHEMATHESIS_HOOKS": "tests.security.formats", "PYTHONPATH": str(ROOT)}
        )
        unsure = ["--exclude-checks", "positive_data_acceptance"] if all_strings else []
        config = folder / "schemathesis.toml"
        config.write_text(CONFIG, "ascii")
        return subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run", url, "--checks", "all", *unsure,
                "--header", f"Authorization: Bearer {served.TOKEN}", "--max-examples", str(self.cases),
                "--seed", str(self.seed), "--phases", self.phases, "--continue-on-failure", "--no-color",
                "--warnings", "off", "--exclude-path", ENDLESS, *self.more,
            ],
            cwd=folder,
            env={**os.environ, **hooks, "COLUMNS": "160"},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip


def attacks(url: str, folder: Path, attack: Attack) -> Iterator[str]:
    """What was found, one text a run that found anything."""
    for all_strings in (False, True):
        done = attack.on(url, folder, all_strings=all_strings)
        if done.returncode != 0:
            yield done.stdout + done.stderr


def main() -> int:
    """Start what is needed, attack, print what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=200, help="an operation and phase")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=sorted(DESCRIBED))
    given = parser.parse_args()
    found: list[str] = []
    with ExitStack() as open_until_the_end:
        folder = Path(open_until_the_end.enter_context(tempfile.TemporaryDirectory()))
        local = open_until_the_end.enter_context(LocalServices(load_settings(data_dir=folder)))
        served.fill(local.settings)
        for name in [given.only] if given.only else sorted(DESCRIBED):
            with getattr(served, name)(local.settings, folder) as server:
                print(f"attacking {server.url}", flush=True)  # noqa: T201 - a command
                found += attacks(server.url + DESCRIBED[name], folder, Attack(given.cases, given.seed))
                found += server.faults()
    print("\n".join(found) or "nothing found")  # noqa: T201 - a command
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
