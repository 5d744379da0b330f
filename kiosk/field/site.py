"""A site file: all that one kiosk needs to know, written at a desk and carried there on a stick.

    name: Front hall
    office: la-vte-xaythany
    central_url: https://one-door.example.la
    central_ca: authority.pem        # beside this file; it is copied, the stick is taken away
    code: 7K2M-4QXT-9RWD             # one-time, from central
    printer_port: /dev/ttyUSB0

Its keys are the settings of `kiosk.toml`, and three more. It is YAML because the people who write
the services' descriptions know that. A mistake is told with its line, before anything is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from kiosk.config import KioskConfig, checked
from kiosk.field.provision import CannotProvision
from kiosk.speech import why
from sync.durable import make_folder, write_whole
from sync.identity import Identity
from sync.sentence import Sentence

BYTES_MAX = 64 * 1024
CERTIFICATE = "central-ca.pem"  # in the kiosk's folder
_OWN = ("code", "office", "central_key")
_OF_THE_MACHINE = ("data_dir",)  # where the kiosk's folder is, its data are
_KNOWN = (
    *_OWN,
    *(field.name for field in fields(KioskConfig) if field.name not in _OF_THE_MACHINE),
)


@dataclass(frozen=True, slots=True)
class Site:
    """What stands in a site file."""

    settings: dict[str, object]
    code: str | None = None
    office: str | None = None
    central_key: str | None = None  # for enrolment by a stick

    def check_office(self, identity: Identity) -> None:
        """Refuse to go on with a kiosk that central has put elsewhere.

        Raises:
            CannotProvision: the code was one of another office.
        """
        if self.office is None or identity.office == self.office:
            return
        raise CannotProvision(
            Sentence(
                "The site file says office %(wanted)s, and central put this kiosk into office "
                "%(office)s. Ask central for a code of the right office, then: kiosk reset",
                wanted=self.office,
                office=identity.office,
            )
        )


def read_site(path: Path) -> Site:
    """What stands in a site file, each value known to be usable.

    Raises:
        CannotProvision: it cannot be read, or is not what it should be; with its line.
        ConfigError: a value is of no use; with its line.
    """
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    for name, value, line in _entries(path):
        place = Sentence("%(file)s, line %(line)s", file=path, line=line)
        if name in lines:
            raise CannotProvision(
                Sentence(
                    "%(place)s: %(name)s stands in line %(first)s already.",
                    place=place,
                    name=name,
                    first=lines[name],
                )
            )
        if name not in _KNOWN:
            raise CannotProvision(
                Sentence(
                    "%(place)s: there is no setting %(name)s. Known ones are %(known)s.",
                    place=place,
                    name=repr(name),
                    known=", ".join(_KNOWN),
                )
            )
        lines[name] = line
        if name in _OWN:
            values[name] = _text(name, value, place)
        else:
            values[name] = checked(name, value, path.parent, place)
    own = {name: values.pop(name) for name in _OWN if name in values}
    return Site(values, **own)  # type: ignore[arg-type]  # they are texts: see above


def _text(name: str, value: object, place: str) -> str:
    if isinstance(value, str) and value:
        return value
    raise CannotProvision(
        Sentence("%(place)s: %(name)s must be text in quotes.", place=place, name=name)
    )


def _entries(path: Path) -> Iterator[tuple[str, object, int]]:
    """Each key with its value and its line."""
    root = _composed(path)
    if not isinstance(root, yaml.MappingNode):
        raise CannotProvision(
            Sentence("%(file)s: write a setting a line, such as name: Front hall", file=path)
        )
    construct = yaml.SafeLoader("").construct_object
    for key, value in root.value:
        line = key.start_mark.line + 1
        if not isinstance(value, yaml.ScalarNode):
            raise CannotProvision(
                Sentence(
                    "%(file)s, line %(line)s: %(name)s has one value, on the same line.",
                    file=path,
                    line=line,
                    name=str(key.value),
                )
            )
        yield str(key.value), construct(value), line


def _composed(path: Path) -> yaml.Node | None:
    try:
        with path.open("rb") as file:
            data = file.read(BYTES_MAX + 1)
    except OSError as problem:
        raise CannotProvision(
            Sentence(
                "The site file %(file)s cannot be read (%(why)s).", file=path, why=why(problem)
            )
        ) from problem
    if len(data) > BYTES_MAX:
        raise CannotProvision(Sentence("%(file)s is too long for a site file.", file=path))
    try:
        return yaml.compose(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as problem:
        raise CannotProvision(Sentence("%(file)s is no text in UTF-8.", file=path)) from problem
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise CannotProvision(
            Sentence(
                "%(file)s, line %(line)s: this is no YAML (%(why)s). Write: setting: value",
                file=path,
                line=line,
                why=problem.problem or "?",
            )
        ) from problem
    except yaml.YAMLError as problem:
        raise CannotProvision(Sentence("%(file)s is no text in YAML.", file=path)) from problem


def keep_certificate(folder: Path, given: Path) -> tuple[Path, bool]:
    """Copy central's certificate into the kiosk's folder; where it is, and whether it is new."""
    own = folder / CERTIFICATE
    if given == own:
        return own, False
    try:
        data = given.read_bytes()
    except OSError as problem:
        raise CannotProvision(
            Sentence(
                "The certificate %(file)s cannot be read (%(why)s). Put it beside the site file.",
                file=given,
                why=why(problem),
            )
        ) from problem
    if own.is_file() and own.read_bytes() == data:
        return own, False
    make_folder(folder, 0o777)
    write_whole(own, data, 0o666)
    return own, True
