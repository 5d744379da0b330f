"""A service as one signed file: descriptor, compiled form, dictionary, icon and lists.

    magic · format · key id · signature · length of the manifest │ manifest (CBOR) │ files (zlib)

The manifest names each file with its size and SHA-256, and the Ed25519 signature covers it with
everything before it; so one signature covers all, and *nothing is parsed before it holds*. The
files simply follow each other, in the manifest's order, compressed as one stream, because rural
lines are slow: no archive format, and with it none of its tricks (paths, links, two files of one
name). What the stream may grow to is known from the signed manifest. The same files give the same
bytes.

A kiosk takes a bundle only from a key that central gave it at enrolment, and never one that is
older than what it has: see `accept`.
"""

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import cbor2
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from kiosk.forms.definition import Definition
from kiosk.forms.descriptor import BadDescriptor, ServiceDescriptor
from kiosk.forms.errors import N_, BadForm, NewerForm, Said
from kiosk.forms.form_json import definition_of
from kiosk.forms.piece import BadPiece, Piece
from kiosk.forms.version import Version, is_older

FORMAT = 1
MAGIC = b"OneDoor\n"
KEY_ID_SIZE = 8
SIGNATURE_SIZE = 64
BUNDLE_SIZE_MAX = 16 * 1024 * 1024
MANIFEST_SIZE_MAX = 64 * 1024
FILE_SIZE_MAX = 8 * 1024 * 1024
CONTENT_SIZE_MAX = 32 * 1024 * 1024  # all files together
FILES_MAX = 200
FEATURES: frozenset[str] = frozenset()  # what a manifest may say it needs, beyond format 1

DESCRIPTOR = "descriptor.json"
DEFINITION = "form.json"
XFORM = "form.xml"
DICTIONARY = "answers.zdict"

_PREFIX = struct.Struct(f">{len(MAGIC)}sB{KEY_ID_SIZE}s")
_HEAD = struct.Struct(f">{SIGNATURE_SIZE}sI")
_DOMAIN = b"one-door service bundle\0"  # a signature made for something else never fits here
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:\.[A-Za-z0-9_-]{1,16}){0,3}")
_SERVICE, _VERSION, _FILES, _NEEDS = 1, 2, 3, 4  # the manifest's keys
_LACKS = N_("The bundle of %(service)s has no file %(name)s.")
_DAMAGED = N_("The bundle is cut off or damaged. Fetch it again.")
_NO_LIST = N_("The bundle's list of files cannot be read. Fetch it again.")


class BundleError(Said):
    """A service bundle cannot be used.

    BundleError
    ├── BadBundle        it is damaged, incomplete or not a bundle
    ├── BadSignature     the signature does not fit: altered, or not from the key it names
    │   └── UnknownKey   signed with a key that we were not given
    ├── TooNew           made for a newer program
    └── TooOld           older than the version already held
    """


class BadBundle(BundleError):
    """It is damaged, incomplete or not a bundle at all."""


class BadSignature(BundleError):
    """The signature does not fit the content."""


class UnknownKey(BadSignature):
    """It is signed with a key that we were not given."""


class TooNew(BundleError):
    """It needs a newer program than this one."""


class TooOld(BundleError):
    """It is older than the version already held."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A service whose signature and hashes hold."""

    service: str
    version: str
    key_id: bytes
    descriptor: ServiceDescriptor
    definition: Definition
    files: Mapping[str, bytes]

    @property
    def dictionary(self) -> bytes | None:
        """The compression dictionary for the answers, where one was trained."""
        return self.files.get(DICTIONARY)

    @property
    def icon(self) -> bytes | None:
        """The picture of the service."""
        name = self.descriptor.icon
        return None if name is None else self.files.get(name)

    def file(self, name: str) -> bytes:
        """The file of that name.

        Raises:
            BadBundle: there is none.
        """
        if name not in self.files:
            raise BadBundle(_LACKS, service=self.service, name=name)
        return self.files[name]


def key_id(verify_key: bytes) -> bytes:
    """The short name under which a verify key is kept and named in bundles."""
    return hashlib.blake2b(verify_key, digest_size=KEY_ID_SIZE, person=b"key-id").digest()


def pack(files: Mapping[str, bytes], service: str, version: str, signing_key: SigningKey) -> bytes:
    """The files as one signed bundle; what `open` would refuse is refused here already.

    Raises:
        BadBundle: names, counts, sizes or the descriptor are not as they must be.
    """
    names = sorted(files)
    manifest = cbor2.dumps(
        {
            _SERVICE: service,
            _VERSION: version,
            _FILES: [
                [name, len(files[name]), hashlib.sha256(files[name]).digest()] for name in names
            ],
            _NEEDS: [],
        },
        canonical=True,
    )
    prefix = _PREFIX.pack(MAGIC, FORMAT, key_id(bytes(signing_key.verify_key)))
    signature = signing_key.sign(_DOMAIN + prefix + manifest).signature
    data = b"".join(
        [
            prefix,
            _HEAD.pack(signature, len(manifest)),
            manifest,
            zlib.compress(b"".join(files[name] for name in names), level=9),
        ]
    )
    open(data, {key_id(bytes(signing_key.verify_key)): bytes(signing_key.verify_key)})
    return data


def open(data: bytes, keys: Mapping[bytes, bytes]) -> Bundle:  # noqa: A001 - read as bundle.open
    """The bundle, after its signature and every hash were found to hold.

    Raises:
        BadBundle, BadSignature, TooNew: as their names say; the last good bundle keeps serving.
    """
    signer, manifest_bytes, content = _verified(data, keys)
    manifest = _manifest(manifest_bytes)
    try:
        service = manifest.field("service").text()
        version = manifest.field("version").text()
        needs = manifest.texts("needs")
        entries = manifest.items("files")
    except BadPiece as problem:
        raise BadBundle(
            N_("The bundle's list of files is wrong: %(problem)s"), problem=problem
        ) from problem
    for feature in needs:
        if feature not in FEATURES:
            raise TooNew(
                N_(
                    "The service %(service)s needs %(feature)r, which this program does not have. "
                    "Update the program; until then the version before keeps serving."
                ),
                service=service,
                feature=feature[:60],
            )
    files = _files(entries, content)
    descriptor = _descriptor(files, service, version)
    return Bundle(service, version, signer, descriptor, _definition(files, service), files)


def accept(data: bytes, keys: Mapping[bytes, bytes], held: str | None) -> Bundle:
    """The bundle, if it does not go back behind the version held.

    Raises:
        TooOld: it is older than `held`.
        BadBundle, BadSignature, TooNew: as `open` raises them.
    """
    bundle = open(data, keys)
    if held is not None and is_older(bundle.version, held):
        raise TooOld(
            N_(
                "Version %(version)s of %(service)s is older than %(held)s, which is here already. "
                "Publish it again with a higher version."
            ),
            version=bundle.version,
            service=bundle.service,
            held=held,
        )
    return bundle


def _verified(data: bytes, keys: Mapping[bytes, bytes]) -> tuple[bytes, bytes, memoryview]:
    """Key id, manifest and content, once the signature over the manifest holds."""
    if len(data) > BUNDLE_SIZE_MAX:
        raise BadBundle(N_("The bundle is larger than %(size)s MB."), size=BUNDLE_SIZE_MAX // 2**20)
    start = _PREFIX.size + _HEAD.size
    if len(data) < start or not data.startswith(MAGIC):
        raise BadBundle(N_("This is not a service bundle."))
    _magic, form, signer = _PREFIX.unpack_from(data)
    if form > FORMAT:
        raise TooNew(
            N_(
                "The bundle has format %(number)s; this program knows up to %(most)s. Update the "
                "program."
            ),
            number=form,
            most=FORMAT,
        )
    signature, length = _HEAD.unpack_from(data, _PREFIX.size)
    if form < FORMAT or length > MANIFEST_SIZE_MAX or start + length > len(data):
        raise BadBundle(_DAMAGED)
    manifest = data[start : start + length]
    if signer not in keys:
        raise UnknownKey(
            N_("The bundle is signed with a key that is not known here: %(key)s."), key=signer.hex()
        )
    try:
        VerifyKey(keys[signer]).verify(_DOMAIN + data[: _PREFIX.size] + manifest, signature)
    except (BadSignatureError, ValueError) as problem:
        raise BadSignature(
            N_("The bundle's signature does not fit: it was altered on the way. Fetch it again.")
        ) from problem
    return signer, manifest, memoryview(data)[start + length :]


def _manifest(data: bytes) -> Piece:
    """The manifest with words for keys; only its one canonical form is taken."""
    try:
        value = cbor2.loads(data)
        canonical = cbor2.dumps(value, canonical=True)
    except (ValueError, TypeError, RecursionError, cbor2.CBORError) as problem:
        raise BadBundle(_NO_LIST) from problem
    if not isinstance(value, dict) or canonical != data:
        raise BadBundle(_NO_LIST)
    names = {_SERVICE: "service", _VERSION: "version", _FILES: "files", _NEEDS: "needs"}
    return Piece({names.get(key, str(key)): item for key, item in value.items()})


def _files(entries: tuple[Piece, ...], stream: memoryview) -> dict[str, bytes]:
    """Each file of the list, cut from the content and held against its hash."""
    if len(entries) > FILES_MAX:
        raise BadBundle(N_("The bundle has more than %(most)s files."), most=FILES_MAX)
    sizes: dict[str, int] = {}
    digests: dict[str, bytes] = {}
    for entry in entries:
        match entry.value:
            case [str(name), int(size), bytes(digest)] if _FILE_NAME.fullmatch(name):
                pass
            case _:
                raise BadBundle(
                    N_("The bundle's %(where)s is not a plain file."), where=entry.where
                )
        if name in sizes:
            raise BadBundle(N_("The bundle has two files named %(name)s."), name=name)
        if not 0 <= size <= FILE_SIZE_MAX:
            raise BadBundle(
                N_("The bundle's file %(name)s is larger than %(size)s MB."),
                name=name,
                size=FILE_SIZE_MAX // 2**20,
            )
        sizes[name], digests[name] = size, digest
    content = _inflated(stream, sum(sizes.values()))
    files: dict[str, bytes] = {}
    place = 0
    for name, size in sizes.items():
        files[name] = content[place : place + size]
        place += size
        if hashlib.sha256(files[name]).digest() != digests[name]:
            raise BadBundle(N_("The bundle's file %(name)s is altered. Fetch it again."), name=name)
    return files


def _inflated(stream: memoryview, size: int) -> bytes:
    """The content, which has exactly the promised size: a bomb stops at one byte more."""
    if size > CONTENT_SIZE_MAX:
        raise BadBundle(
            N_("The files together are larger than %(size)s MB."), size=CONTENT_SIZE_MAX // 2**20
        )
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(stream, size + 1)
    except zlib.error as problem:
        raise BadBundle(_DAMAGED) from problem
    if len(content) != size or not inflater.eof or inflater.unused_data:
        raise BadBundle(_DAMAGED)
    return content


def _descriptor(files: Mapping[str, bytes], service: str, version: str) -> ServiceDescriptor:
    """The descriptor, which must be the one of this service and version."""
    for name in (DESCRIPTOR, DEFINITION):
        if name not in files:
            raise BadBundle(_LACKS, service=service, name=name)
    try:
        descriptor = ServiceDescriptor.from_json(json.loads(files[DESCRIPTOR]))
        Version.parse(version)
    except (BadDescriptor, ValueError, RecursionError) as problem:
        said = problem if isinstance(problem, Said) else Said(N_("it is no JSON."))
        raise BadBundle(
            N_("The description of %(service)s cannot be read: %(problem)s"),
            service=service,
            problem=said,
        ) from problem
    if (descriptor.id, descriptor.version) != (service, version):
        raise BadBundle(
            N_("The bundle says %(service)s %(version)s, its description says %(other)s."),
            service=service,
            version=version,
            other=f"{descriptor.id} {descriptor.version}",
        )
    return descriptor


def _definition(files: Mapping[str, bytes], service: str) -> Definition:
    try:
        return definition_of(files[DEFINITION])
    except NewerForm as problem:
        raise TooNew(
            N_(
                "%(problem)s Update the program; until then %(service)s keeps serving as it was "
                "before."
            ),
            problem=problem,
            service=service,
        ) from problem
    except BadForm as problem:
        raise BadBundle(
            N_("The form of %(service)s cannot be used: %(problem)s"),
            service=service,
            problem=problem,
        ) from problem
