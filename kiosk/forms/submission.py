"""An application as an ODK submission: the XML that ODK Collect would have sent of the same form.

The way back to the tools that everybody has: a recorded application becomes an instance of its
XForm, with the form's id and version, its groups and repeats in the form's own order, and the names
of its attachments. The shape is that of the form's primary instance: what was not asked or not
answered stands there empty, as in a new form. The instance's id is made of the application's, so
the same application exported twice is one submission to any ODK server.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

from kiosk.forms.definition import ATTACHING, Definition, Field
from kiosk.forms.record import DEPTH_MAX, META

NAMESPACES = {
    "jr": "http://openrosa.org/javarosa",
    "odk": "http://www.opendatakit.org/xforms",
    "orx": "http://openrosa.org/xforms",
}
NAME_LENGTH_MAX = 100
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")


def instance_id(application: str) -> str:
    """The submission's id: the application's 32 hex digits, written as a UUID."""
    return f"uuid:{UUID(hex=application)}"


def attachment_name(answer: str) -> str:
    """The name of an attached file, safe in any archive; the XML names it the same."""
    return _NOT_IN_A_NAME.sub("_", answer)[:NAME_LENGTH_MAX].lstrip(".") or "attachment"


def submission_xml(definition: Definition, record: Mapping[str, Any], application: str) -> bytes:
    """The submission of a recorded application.

    Args:
        definition: the form, in the version that the record names.
        record: as `Entry.record` made it.
        application: the application's id.
    """
    answers = record.get("answers")
    writer = _Writer(definition, instance_id(application))
    return writer.document(answers if isinstance(answers, Mapping) else {})


class _Writer:
    """Writes one record, following the form's primary instance."""

    def __init__(self, definition: Definition, instance: str) -> None:
        self._definition = definition
        self._instance = instance
        self._repeats = {section.path for section in definition.sections() if section.repeats}
        self._attaching = {
            control.path for control in definition.controls() if control.kind in ATTACHING
        }

    def document(self, answers: Mapping[str, Any]) -> bytes:
        """The whole XML."""
        root = self._definition.root
        top = Element(root.name, {"id": self._definition.id, "version": self._definition.version})
        for prefix in sorted({_prefix(field.name) for field in (root, *root.below())} - {""}):
            if prefix in NAMESPACES:
                top.set(f"xmlns:{prefix}", NAMESPACES[prefix])
        self._write(top, root, f"/{root.name}", answers, 0)
        xml: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
        return xml

    def _write(
        self, parent: Element, group: Field, path: str, answers: Mapping[str, Any], depth: int
    ) -> None:
        """The fields of a group, each with its answer."""
        if depth > DEPTH_MAX:
            return
        written: set[str] = set()
        for field in group.children:
            here = f"{path}/{field.name}"
            if field.name in written:  # a repeat's template and its first row are one field
                continue
            written.add(field.name)
            held = answers.get(field.name)
            if here in self._repeats:
                for row in held if isinstance(held, list) else []:
                    one = SubElement(parent, field.name)
                    self._write(
                        one, field, here, row if isinstance(row, Mapping) else {}, depth + 1
                    )
            elif _local(field.name) == META:
                self._write_meta(SubElement(parent, field.name), field)
            elif field.children:
                inside = held if isinstance(held, Mapping) else {}
                self._write(SubElement(parent, field.name), field, here, inside, depth + 1)
            else:
                leaf = SubElement(parent, field.name)
                leaf.text = self._answer(here, held)

    def _answer(self, path: str, held: object) -> str:
        if not isinstance(held, str):
            return ""
        return attachment_name(held) if path in self._attaching else _NOT_IN_XML.sub("", held)

    def _write_meta(self, parent: Element, meta: Field) -> None:
        for field in meta.children:
            leaf = SubElement(parent, field.name)
            leaf.text = self._instance if _local(field.name) == "instanceID" else ""


def _prefix(name: str) -> str:
    return name.rpartition(":")[0]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
