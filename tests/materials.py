"""What the program is made of, as others' tools read it: a bill of materials (CycloneDX, JSON).

`make sbom` writes it, and the packaged program brings its own. It is made from the lock and nothing
else: each package with its version and the hashes of the files that may be installed. The same
lock gives the same bytes, so that two bills can be compared; no address of an index stands in it.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
ENTRY = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ; ([^\n]*?))? *\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
HASH = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Package:
    """One locked package."""

    name: str
    version: str
    marker: str  # for which Pythons or machines; empty: for all
    hashes: tuple[str, ...]

    @property
    def is_for_here(self) -> bool:
        """Whether this very Python installs it."""
        return not self.marker or Marker(self.marker).evaluate()

    def component(self) -> dict[str, object]:
        """As the bill lists it."""
        url = f"pkg:pypi/{self.name}@{self.version}"
        listed: dict[str, object] = {
            "type": "library",
            "bom-ref": url,
            "name": self.name,
            "version": self.version,
            "purl": url,
            "hashes": [{"alg": "SHA-256", "content": one} for one in self.hashes],
        }
        if self.marker:
            listed["properties"] = [{"name": "python:marker", "value": self.marker}]
        return listed


def packages(lock: str) -> Iterator[Package]:
    """What is locked, in the lock's order."""
    for name, version, marker, hashes in ENTRY.findall(lock):
        yield Package(name, version, marker, tuple(HASH.findall(hashes)))


def bill(*, of_here: bool = False) -> str:
    """The bill of materials; `of_here`: only of what this Python installs."""
    lock = LOCK.read_text("ascii")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = [one for one in packages(lock) if one.is_for_here or not of_here]
    made = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_OID, lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
            }
        },
        "components": [one.component() for one in listed],
        "dependencies": [
            {
                "ref": project["name"],
                "dependsOn": [f"pkg:pypi/{one.name}@{one.version}" for one in listed],
            }
        ],
    }
    return json.dumps(made, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(bill())
