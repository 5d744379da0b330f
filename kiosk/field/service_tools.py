"""What `kiosk forms new | check | publish | show | export` do: a ministry's own tools, at home.

The same checks run in central's catalogue; here they need neither a server nor an account, so an
author can mend a workbook on a laptop before anybody sees it.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey

from kiosk.forms import bundle, cpsv, publish
from kiosk.forms.bundle import Bundle, BundleError
from kiosk.forms.definition import Control, Definition, Expression, Words
from kiosk.forms.descriptor import SERVICE_ID, ServiceDescriptor
from kiosk.forms.finding import Finding, Level, has_errors
from kiosk.forms.folder import read_description
from kiosk.forms.service_check import problems_in
from kiosk.forms.starter import SERVICE, starter
from kiosk.forms.version import is_older
from kiosk.language import _, format_money, language
from kiosk.resources import assets
from sync.durable import UNFINISHED, write_whole

_PATH = re.compile(r"(?<![\w.)\]])/data/(?:[\w.-]+/)*([\w-]+(?:\.[\w-]+)*) ?")
KEY_MODE = 0o600
DRAFT_KEY = SigningKey(b"a folder shown before signing...")  # never leaves this process


class FormsCommandError(Exception):
    """The command cannot be done; the sentence says what to do."""


def begin_service(folder: Path, service: str | None) -> int:
    """Make a folder with a service to begin with; 1 where something is there already."""
    try:
        _refuse_to_begin(folder, service)
        for name, data in starter(service or SERVICE).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, data, 0o666)
    except (FormsCommandError, OSError) as problem:
        print(_sentence(problem), file=sys.stderr)
        return 1
    print(
        _(
            "An example is in %(folder)s. Change form.xlsx in Excel or LibreOffice and "
            "descriptor.yaml in a text editor, then: kiosk forms check %(folder)s",
            folder=folder,
        )
    )
    return 0


def _refuse_to_begin(folder: Path, service: str | None) -> None:
    """Nothing is written over; raises FormsCommandError."""
    if service is not None and not SERVICE_ID.fullmatch(service):
        raise FormsCommandError(
            _("An id has small Latin letters, digits, dots and hyphens: la.moj.marriage.")
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FormsCommandError(
            _("%(folder)s is there already. Name a folder that is not.", folder=folder)
        )


def check_services(folders: Sequence[Path]) -> int:
    """Print what is to be mended in each folder; 1 where something must be."""
    worst = 0
    for folder in folders:
        findings = publish.check(folder)
        print_findings(folder, [*findings, *publish.list_unrecorded(folder)])
        worst = max(worst, int(has_errors(findings)))
    return worst


def publish_service(
    folder: Path, version: str | None, out: Path, key_file: Path, *, new_key: bool
) -> int:
    """Write the folder as a signed bundle; 1 where it cannot be."""
    try:
        key = _signing_key(key_file, make=new_key)
        published = Published.beside(key_file)
        data = publish.publish(folder, version, key)
        made = bundle.open(data, _keys_of(key))
        published.refuse_going_back(made, data)
        _refuse_to_replace(out, made, data, key)
        write_whole(out, data, 0o666)
        published.remember(made, data)
    except publish.CannotPublish as problem:
        print_findings(folder, problem.findings)
        return 1
    except (FormsCommandError, BundleError, OSError) as problem:
        print(_sentence(problem), file=sys.stderr)
        return 1
    print(
        _(
            "%(service)s %(version)s: %(size)s bytes in %(file)s.",
            service=made.service,
            version=made.version,
            size=len(data),
            file=out,
        )
    )
    print(_("Public key: %(key)s", key=bytes(key.verify_key).hex()))
    return 0


def show_service(service: Path, verify_key: str | None) -> int:
    """Print the sheet and the questions; 1 where they cannot be read."""
    try:
        shown = _opened(service, verify_key)
    except publish.CannotPublish as problem:
        print_findings(service, problem.findings)
        return 1
    except (FormsCommandError, BundleError, OSError) as problem:
        print(_sentence(problem), file=sys.stderr)
        return 1
    for line in [*sheet_lines(shown.descriptor), "", *question_lines(shown.definition)]:
        print(line)
    return 0


def export_description(service: Path, verify_key: str | None, out: Path | None, base: str) -> int:
    """Write the service's description as JSON-LD in CPSV-AP; 1 where it cannot be read."""
    try:
        described = _described(service, verify_key)
        context = json.loads((assets() / "cpsv-ap" / "cpsv-ap.jsonld").read_text("utf-8"))
        document = cpsv.to_json_ld(described, context, base)
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        if out is not None:
            write_whole(out, text.encode(), 0o666)
    except publish.CannotPublish as problem:
        print_findings(service, problem.findings)
        return 1
    except (FormsCommandError, BundleError, OSError) as problem:
        print(_sentence(problem), file=sys.stderr)
        return 1
    if out is None:
        sys.stdout.write(text)
    else:
        sentence = _("%(service)s is described in %(file)s.", service=described.id, file=out)
        print(sentence)
    return 0


def _sentence(problem: Exception) -> str:
    """What is wrong in the reader's words, with the file as it was typed."""
    if isinstance(problem, BundleError):
        return problem.words(_)
    if not isinstance(problem, OSError) or problem.filename is None:
        return str(problem)
    path = Path(problem.filename)
    named = path.parent if path.name.startswith(UNFINISHED) else path
    return _(
        "%(file)s cannot be read or written. Look whether it is there, and at its rights.",
        file=named,
    )


def _described(path: Path, verify_key: str | None) -> ServiceDescriptor:
    """The description of a folder, of a descriptor.yaml alone, or of a bundle."""
    if not path.is_dir() and path.suffix.lower() not in (".yaml", ".yml"):
        return _opened(path, verify_key).descriptor
    written, findings = read_description(path)
    if written.value is not None:
        notes = ServiceDescriptor.read_all(written.value)[1]
        findings += written.located(problems_in(notes))
    if findings:
        raise publish.CannotPublish(findings)
    return ServiceDescriptor.from_json(written.value)


def _opened(path: Path, verify_key: str | None) -> Bundle:
    """The bundle of a file, or the one that a folder would become."""
    if path.is_dir():
        return bundle.open(publish.publish(path, None, DRAFT_KEY), _keys_of(DRAFT_KEY))
    if verify_key is None:
        raise FormsCommandError(_("Give the publisher's public key with --verify-key."))
    try:
        key = bytes.fromhex(verify_key)
    except ValueError as problem:
        raise FormsCommandError(_("The public key must be hexadecimal digits.")) from problem
    return bundle.open(path.read_bytes(), {bundle.key_id(key): key})


def print_findings(folder: Path, findings: Sequence[Finding]) -> None:
    """Each finding on its line, the gravest first, row by row, and what to do about them."""
    if all(finding.level is Level.NOTE for finding in findings):
        print(_("%(folder)s: nothing to mend.", folder=folder))
    words = {Level.ERROR: _("error"), Level.WARNING: _("warning"), Level.NOTE: _("note")}
    for finding in publish.gravest_first(list(findings)):
        print(f"{folder}: {words[finding.level]}: {finding.line(_)}")
    count = {level: sum(one.level is level for one in findings) for level in Level}
    if count[Level.ERROR]:
        print(
            _(
                "%(folder)s: errors: %(errors)s, warnings: %(warnings)s. Open the file at the "
                "sheet, row and column that is named, mend it, and check again.",
                folder=folder,
                errors=count[Level.ERROR],
                warnings=count[Level.WARNING],
            )
        )
    elif count[Level.WARNING]:
        print(
            _(
                "%(folder)s: it can be published. Read the warnings first: %(warnings)s.",
                folder=folder,
                warnings=count[Level.WARNING],
            )
        )


def sheet_lines(service: ServiceDescriptor) -> list[str]:
    """The service sheet in the current language."""
    code = language()
    lines = [
        f"{service.name.of(code)}  ({service.id} {service.version})",
        service.description.of(code),
        _("Who may apply: %(who)s", who=service.audience.of(code)),
        _("Who decides: %(who)s", who=service.competent_authority.name.of(code)),
        _("Working days: %(days)s", days=service.processing_days),
    ]
    if service.sample:
        lines.insert(1, _("Sample data: no office has signed it yet."))
    for cost in service.costs:
        value = _("ask at the desk") if cost.value is None else format_money(cost.value)
        lines.append(f"{cost.description.of(code)}: {value}")
    lines += [_("Document: %(name)s", name=item.name.of(code)) for item in service.evidence]
    return lines + [_("Law: %(name)s", name=item.name.of(code)) for item in service.legal]


def question_lines(form: Definition) -> list[str]:
    """Each question with its kind and its rules."""
    relevant = {bind.path: bind.relevant for bind in form.binds if bind.relevant}
    required = {bind.path for bind in form.binds if bind.required}
    lines = []
    for number, control in enumerate(form.controls(), 1):
        mark = "*" if control.path in required else " "
        lines.append(f"{number:3}{mark} {control.kind:15} {_label(form, control)}")
        if control.path in relevant:
            rule = _as_written(relevant[control.path].source)
            lines.append(" " * 6 + _("only if %(rule)s", rule=rule))
    return lines


def _label(form: Definition, control: Control) -> str:
    """The question's words; what is worked out between them is shown as written."""
    texts = form.texts.get(language(), form.texts.get(form.default_language, {}))
    words: Words = control.label
    parts = words.parts if words.itext is None else texts.get(words.itext, {}).get("", ())
    return (
        "".join(
            _as_written(part.source) if isinstance(part, Expression) else part for part in parts
        )
        or control.path.rpartition("/")[2]
    )


def _as_written(source: str) -> str:
    """The expression as its author wrote it: `${fee}` where the form has a path."""
    return _PATH.sub(r"${\1}", source).strip()


def _signing_key(path: Path, *, make: bool) -> SigningKey:
    """The key in the file; a new one where asked for and none is there."""
    if make and not path.exists():
        key = SigningKey.generate()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, KEY_MODE)
        with os.fdopen(descriptor, "w") as file:
            file.write(bytes(key).hex() + "\n")
        return key
    try:
        return SigningKey(bytes.fromhex(path.read_text("ascii").strip()))
    except FileNotFoundError as problem:
        sentence = _("There is no key in %(file)s. Make one with --new-key.", file=path)
        raise FormsCommandError(sentence) from problem
    except (ValueError, CryptoError, OSError) as problem:
        sentence = _("%(file)s does not hold a signing key (64 hexadecimal digits).", file=path)
        raise FormsCommandError(sentence) from problem


def _refuse_to_replace(out: Path, made: Bundle, data: bytes, key: SigningKey) -> None:
    """The bundle that stands where this one goes is of the same service, and not newer.

    Raises:
        FormsCommandError, BundleError: it is not.
    """
    if not out.exists():
        return
    before = out.read_bytes()
    held = bundle.open(before, _keys_of(key))
    if held.service != made.service:
        sentence = _("%(file)s holds another service: %(service)s.", file=out, service=held.service)
        raise FormsCommandError(sentence)
    _refuse_older(made, held.version, same=before == data)


def _refuse_older(made: Bundle, held: str, *, same: bool) -> None:
    """A version comes once, and never after a higher one: an application names the one it used."""
    if same or is_older(held, made.version):
        return
    raise FormsCommandError(
        _(
            "Version %(held)s of %(service)s is published already. Give this one a higher version "
            "than %(held)s, in descriptor.yaml or with --version.",
            held=held,
            service=made.service,
        )
    )


@dataclass(frozen=True, slots=True)
class Published:
    """What was signed with a key: the last version of each service, in a file beside the key.

    Bundles are handed on and files get lost; the key stays, and so does what it vouched for.
    """

    file: Path
    versions: dict[str, tuple[str, str]]  # service: version, and the bundle's SHA-256

    @classmethod
    def beside(cls, key_file: Path) -> "Published":
        """What the file says; a key that has signed nothing has none.

        Raises:
            FormsCommandError: it cannot be read.
        """
        file = key_file.with_name(key_file.name + ".published.json")
        if not file.exists():
            return cls(file, {})
        try:
            plain = json.loads(file.read_text("utf-8"))
            versions = {name: (row["version"], row["sha256"]) for name, row in plain.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            sentence = _("%(file)s cannot be read. Put back a copy of it.", file=file)
            raise FormsCommandError(sentence) from problem
        return cls(file, versions)

    def refuse_going_back(self, made: Bundle, data: bytes) -> None:
        """A version comes after the one before; the same bytes again are no new version.

        Raises:
            FormsCommandError: it does not.
        """
        if made.service in self.versions:
            held, digest = self.versions[made.service]
            _refuse_older(made, held, same=digest == hashlib.sha256(data).hexdigest())

    def remember(self, made: Bundle, data: bytes) -> None:
        """Write down that this was published."""
        self.versions[made.service] = (made.version, hashlib.sha256(data).hexdigest())
        plain = {
            name: {"version": version, "sha256": digest}
            for name, (version, digest) in sorted(self.versions.items())
        }
        write_whole(self.file, (json.dumps(plain, indent=2) + "\n").encode(), 0o666)


def _keys_of(key: SigningKey) -> dict[bytes, bytes]:
    public = bytes(key.verify_key)
    return {bundle.key_id(public): public}
