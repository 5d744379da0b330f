"""XML documents as trees of nodes: what the publisher reads forms and XML lists with.

Built on expat directly, because comments, blanks and prefixes must stay as they are written, and
because entities of a document's own must be refused.
"""

from xml.parsers import expat

from kiosk.forms.engine.node import Node, NodeKind
from kiosk.forms.errors import N_, BadForm

DOCUMENT_BYTES_MAX = 16 * 2**20  # a 10,000-row list is about 2 MB
DEPTH_MAX = 100


def parse_document(text: str | bytes) -> Node:
    """The tree of an XML document, with every comment and blank as XPath wants it.

    Entities of the document's own are refused: they are how small documents become huge ones.

    Raises:
        BadForm: the document is not well-formed, too large or too deep.
    """
    if len(text) > DOCUMENT_BYTES_MAX:
        raise BadForm(N_("It is larger than %(size)s MB."), size=DOCUMENT_BYTES_MAX // 2**20)
    builder = _Builder()
    try:
        builder.parser.Parse(text, True)
    except expat.ExpatError as error:
        sentence = N_(
            "The XML is broken at line %(row)s: a tag is not closed, or & or < stands in a text "
            "and is not written &amp; or &lt;."
        )
        raise BadForm(sentence, row=error.lineno) from error
    return builder.document


class _Builder:
    """Builds the tree from expat's events; prefixes stay as they are written."""

    def __init__(self) -> None:
        self.document = Node("", kind=NodeKind.DOCUMENT)
        self._node = self.document
        self._depth = 0
        self._namespaces: list[dict[str, str]] = [{"xml": "http://www.w3.org/XML/1998/namespace"}]
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.CommentHandler = self._comment
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.EntityDeclHandler = self._entity

    def _entity(self, *_declaration: object) -> None:
        raise BadForm(N_("The XML begins with <!ENTITY ...>, which is refused. Leave that out."))

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise BadForm(N_("The XML is nested more than %(most)s levels deep."), most=DEPTH_MAX)
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        known = self._namespaces[-1]
        declared = {
            key.partition(":")[2]: value for key, value in pairs if key.split(":")[0] == "xmlns"
        }
        if declared:
            known = {**known, **declared}
        self._namespaces.append(known)
        prefix = name.partition(":")[0] if ":" in name else ""
        self._node = self._node.append(Node(name, uri=known.get(prefix)))
        for key, value in pairs:
            if key.split(":")[0] != "xmlns":
                prefix = key.partition(":")[0] if ":" in key else ""
                self._node.add_attribute(key, value, known.get(prefix) if prefix else None)

    def _end(self, _name: str) -> None:
        self._depth -= 1
        self._namespaces.pop()
        assert self._node.parent is not None
        self._node = self._node.parent

    def _text(self, text: str) -> None:
        self._node.append(Node("", text, kind=NodeKind.TEXT))

    def _comment(self, text: str) -> None:
        self._node.append(Node("", text, kind=NodeKind.COMMENT))

    def _instruction(self, target: str, data: str) -> None:
        self._node.append(Node(target, data, kind=NodeKind.INSTRUCTION))
