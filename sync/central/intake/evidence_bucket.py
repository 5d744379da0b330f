"""Evidence in S3-compatible storage: each whole file is put once, under its hash.

Storage takes whole files only, and the next piece may come to another worker on another machine:
so pieces wait in the database until the last one is here. Then the file is held against its hash
and put; putting it twice changes nothing. The hash goes along in the signature, so that the storage
itself refuses what was altered on the way. Only then is the last piece acknowledged: where the
storage cannot be reached the kiosk sends it again, later.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's word
    HTTPClientError,
    NoCredentialsError,
)
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from storages.backends.s3 import S3Storage

from sync.central.evidence_place import Bucket
from sync.central.intake.evidence_folder import EvidenceTrouble
from sync.central.intake.models import EvidenceFile, EvidencePart
from sync.protocol import EvidencePiece
from sync.records import EVIDENCE_BYTES_MAX
from sync.sentence import N_, Sentence

MEMORY_BYTES_MAX: Final = 2 * 2**20  # of one file; a larger one waits in a temporary file
CONNECT_TIMEOUT_S: Final = 5
READ_TIMEOUT_S: Final = 30
PROBE: Final = "check"
_FORBIDDEN = {"401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_MISSING = {"404", "NoSuchBucket"}
_FULL = {"507", "QuotaExceeded", "XMinioStorageFull", "EntityTooLarge", "InsufficientStorage"}


def storage_of(bucket: Bucket) -> S3Storage:
    """Django's door to that bucket; the keys are found as Amazon's own tools find them."""
    return S3Storage(
        bucket_name=bucket.name,
        location=bucket.folder,
        endpoint_url=bucket.endpoint,
        region_name=bucket.region or ("us-east-1" if bucket.endpoint else None),
        file_overwrite=True,  # the same name is the same file
        default_acl=None,
        transfer_config=TransferConfig(
            multipart_threshold=2 * EVIDENCE_BYTES_MAX, use_threads=False
        ),
        client_config=Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={"mode": "standard", "total_max_attempts": 2},
            signature_version="s3v4",
            # Older and smaller storages do not know the newer checksums; the signature has one.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": bucket.style, "payload_signing_enabled": True},
        ),
    )


class EvidenceBucket:
    """A bucket, and in the database the pieces of what is still arriving."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._storage = storage_of(bucket)

    def __str__(self) -> str:
        return str(self._bucket)

    def is_here(self, sha256: str) -> bool:
        """Whether the file is in the storage; asks it."""
        with self._told():
            return bool(self._storage.exists(sha256))

    def is_known_here(self, sha256: str) -> bool:
        """Whether the file was put there; asks the database alone."""
        return EvidenceFile.objects.filter(pk=sha256, complete_at__isnull=False).exists()

    def read(self, sha256: str) -> bytes | None:
        """The file; None where it is not there."""
        with self._told():
            try:
                with self._storage.open(sha256) as file:
                    return bytes(file.read())
            except FileNotFoundError:
                return None

    def length(self, row: EvidenceFile) -> int:
        """How much of a file has arrived."""
        last = EvidencePart.objects.filter(file=row).order_by("-offset").defer("data").first()
        return last.offset + last.size if last else 0

    @transaction.atomic
    def append(self, row: EvidenceFile, piece: EvidencePiece) -> int:
        """Add a piece at the end of what has arrived, if it belongs there; the new length."""
        EvidenceFile.objects.select_for_update().get(pk=row.pk)  # one writer at a time
        offset = self.length(row)
        if offset != piece.offset or offset >= row.size:
            return offset
        size = len(piece.data)
        EvidencePart.objects.create(file=row, offset=offset, size=size, data=piece.data)
        return offset + size

    def finish(self, row: EvidenceFile) -> bool:
        """Put what has arrived; False: it was another file, and is dropped.

        No transaction is open while the storage is slow. Two workers may both put it.
        """
        with tempfile.SpooledTemporaryFile(MEMORY_BYTES_MAX) as whole:
            if _gather(row, whole) == row.sha256:
                self.put(row.sha256, whole)
                with transaction.atomic():
                    EvidenceFile.objects.filter(pk=row.pk).update(complete_at=timezone.now())
                    EvidencePart.objects.filter(file=row).delete()
                return True
        with transaction.atomic():
            fresh = EvidenceFile.objects.select_for_update().get(pk=row.pk)
            if fresh.complete_at is None:
                EvidencePart.objects.filter(file=row).delete()
        return fresh.complete_at is not None

    def put(self, sha256: str, whole: IO[bytes]) -> None:
        """Put a whole file under its name; raises EvidenceTrouble."""
        whole.seek(0)
        with self._told():
            self._storage.save(sha256, File(whole))

    def check(self) -> None:
        """Write, read and remove a file; raises EvidenceTrouble."""
        with self._told():
            self._storage.save(PROBE, ContentFile(b"check"))
            self._storage.delete(PROBE)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except ClientError as problem:
            raise EvidenceTrouble(self._answered(problem)) from problem
        except NoCredentialsError as problem:
            raise EvidenceTrouble(
                Sentence(
                    "There are no keys to the storage %(place)s: set AWS_ACCESS_KEY_ID and "
                    "AWS_SECRET_ACCESS_KEY.",
                    place=self,
                )
            ) from problem
        except (HTTPClientError, ConnectionError) as problem:
            why = type(problem).__name__
            raise EvidenceTrouble(
                Sentence("The storage %(place)s cannot be reached (%(why)s).", place=self, why=why)
            ) from problem
        except BotoCoreError as problem:
            raise EvidenceTrouble(
                Sentence("The storage %(place)s cannot be used: %(why)s", place=self, why=problem)
            ) from problem

    def _answered(self, problem: ClientError) -> Sentence:
        """What the storage said, in words."""
        code = str(problem.response.get("Error", {}).get("Code", ""))
        words = N_("The storage %(place)s answered something strange.")
        if code in _FORBIDDEN:
            words = N_("The storage %(place)s does not accept our keys (%(code)s).")
        elif code in _MISSING:
            words = N_("The storage %(place)s has no such bucket.")
        elif code in _FULL:
            words = N_("The storage %(place)s is full (%(code)s).")
        elif code:
            words = N_("The storage %(place)s answered %(code)s.")
        return Sentence(words, place=self, code=code)


def _gather(row: EvidenceFile, whole: IO[bytes]) -> str:
    """Write the pieces one after another; the hash of all."""
    digest = hashlib.sha256()
    parts = EvidencePart.objects.filter(file=row).order_by("offset")
    for data in parts.values_list("data", flat=True).iterator(chunk_size=4):
        digest.update(data)
        whole.write(data)
    return digest.hexdigest()
