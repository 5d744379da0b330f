"""Where documents and photos lie: a folder by default, S3-compatible storage by one address.

`CENTRAL_EVIDENCE` is a folder, or `s3://bucket/folder?endpoint=https://storage.example&region=r`.
Keys to the storage never stand in it: they come from the environment (AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY) or from wherever else Amazon's own tools find them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from sync.sentence import Sentence

SCHEME: Final = "s3"
OPTIONS: Final = ("endpoint", "region", "style")
STYLES: Final = ("path", "virtual")  # where the bucket's name stands in the address of a file
HOW_TO_WRITE: Final = Sentence(
    "CENTRAL_EVIDENCE must be a folder or read "
    "s3://bucket?endpoint=https://storage.example&region=name."
)


_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)  # as Amazon rules


class BadPlace(Exception):
    """The place for evidence cannot be had; the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of S3-compatible storage."""

    name: str
    folder: str = ""
    endpoint: str | None = None  # none: Amazon's own
    region: str | None = None
    style: str = "path"

    def __str__(self) -> str:
        inside = f"/{self.folder}" if self.folder else ""
        return f"{SCHEME}://{self.name}{inside}" + (f" at {self.endpoint}" if self.endpoint else "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where whole files lie: in the bucket, where there is one; else in the folder."""

    folder: Path
    bucket: Bucket | None = None

    def __str__(self) -> str:
        return str(self.bucket or self.folder)


def place_from_address(address: str | None, data: Path) -> Place:
    """The place that the operator asked for; central's own folder where he asked for none.

    Raises:
        BadPlace: it is neither a folder nor such an address.
    """
    if not address:
        return Place(folder=data / "evidence")
    if "://" not in address:
        return Place(folder=Path(address).resolve())
    parts = urlsplit(address)
    if parts.username or parts.password:
        raise BadPlace(
            Sentence(
                "Keys do not belong into CENTRAL_EVIDENCE: set AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY beside it."
            )
        )
    if parts.scheme != SCHEME or not _NAME.fullmatch(parts.netloc):
        raise BadPlace(HOW_TO_WRITE)
    options = _options(parts)
    return Place(
        folder=data / "evidence",
        bucket=Bucket(
            name=parts.netloc,
            folder=unquote(parts.path.strip("/")),
            endpoint=options.get("endpoint"),
            region=options.get("region"),
            style=options.get("style", "path" if "endpoint" in options else "virtual"),
        ),
    )


def check_library(place: Place) -> None:
    """See whether Python can speak to such storage here.

    Raises:
        BadPlace: it cannot.
    """
    if place.bucket and not (find_spec("storages") and find_spec("boto3")):
        raise BadPlace(
            Sentence(
                "CENTRAL_EVIDENCE asks for S3-compatible storage, which needs one package more. "
                "Run: python -m pip install 'django-storages[s3]>=1.14'"
            )
        )


def _options(parts: SplitResult) -> Mapping[str, str]:
    options = dict(parse_qsl(parts.query))
    endpoint = urlsplit(options.get("endpoint", "https://x"))
    if endpoint.scheme not in {"http", "https"} or not endpoint.hostname:
        raise BadPlace(HOW_TO_WRITE)
    if set(options) - set(OPTIONS) or options.get("style", "path") not in STYLES:
        raise BadPlace(HOW_TO_WRITE)
    return options
