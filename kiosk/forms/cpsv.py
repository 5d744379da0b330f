"""A service's description as JSON-LD in CPSV-AP 3.2, for catalogues of public services elsewhere.

CPSV-AP is the vocabulary in which European and many other administrations describe their
services; its official shapes (SHACL) say what must be there, and a test holds what is made here
against them. The context is written into the document: who reads it needs no line.

Codes that the world shares (languages, countries, currencies, life-cycle states) are the ones of
the EU's Publications Office and of ADMS. All else gets ids below the service's own, under a base
address that the publisher may choose.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from kiosk.forms.descriptor import AUDIENCES, ServiceDescriptor
from kiosk.forms.parts import Cost, Evidence, LifeEvent, Named, Text

Json = dict[str, Any]

BASE = "urn:one-door:"  # where no web address was given
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_LANGUAGES = {"lo": "LAO", "en": "ENG", "fr": "FRA", "vi": "VIE", "th": "THA", "zh": "ZHO"}
_COUNTRIES = {"LA": "LAO"}  # ISO 3166-1 alpha-2 → the authority's alpha-3
_STATUS = {"draft": "UnderDevelopment", "published": "Completed", "withdrawn": "Withdrawn"}
_WITHOUT_LANGUAGE = "zxx"  # BCP 47: no words of any language, such as "Mo-Fr 08:00-16:00"


def to_json_ld(
    service: ServiceDescriptor, context: Mapping[str, Any], base: str = BASE
) -> dict[str, Any]:
    """The service and everything it names, as one JSON-LD document.

    `context` is the official one (assets/cpsv-ap/cpsv-ap.jsonld); `base` begins every id.
    """
    return {"@context": context["@context"], "@graph": _Graph(service, base).nodes()}


class _Graph:
    """The nodes of one service; what is named twice (a language, a place) stands once."""

    def __init__(self, service: ServiceDescriptor, base: str) -> None:
        self._service = service
        self._base = base
        self._nodes: dict[str, Json] = {}

    def nodes(self) -> list[Json]:
        service = self._service
        own = self._node(self._id(), "PublicService", {})
        authority = service.competent_authority
        evidence = {item.id: self._evidence(item) for item in service.evidence}
        legal = {item.id: self._legal(item) for item in service.legal}
        self._put(
            own,
            "PublicService",
            {
                "identifier": service.id,
                "name": _words(service.name),
                "description": _words(service.description),
                "status": self._concept(f"http://purl.org/adms/status/{_STATUS[service.status]}"),
                "hasCompetentAuthority": [self._authority(authority.id, authority.name)],
                "isGroupedBy": [self._life_event(item) for item in service.life_events],
                "thematicArea": [self._code("theme", code) for code in service.thematic_area],
                "addressee": [
                    self._code(
                        "audience", code, Text(AUDIENCES[code]) if code in AUDIENCES else None
                    )
                    for code in service.audience_codes
                ],
                "language": [self._language(code) for code in service.languages],
                "spatial": [self._place(code) for code in service.spatial],
                "keyword": [
                    {"@value": word, "@language": language}
                    for language, words in service.keywords.items()
                    for word in words
                ],
                "hasChannel": [self._channel(item.id) for item in service.channels],
                "processingTime": _days(service.processing_days),
                "hasCost": [self._cost(item) for item in service.costs],
                "hasInput": list(evidence.values()),
                "holdsRequirement": [
                    self._requirement(item, evidence) for item in service.requirements
                ],
                "follows": [self._rule(item, legal) for item in service.rules],
                "hasLegalResource": list(legal.values()),
                "produces": [self._output(item) for item in service.outputs],
                "contactPoint": self._contact(),
            },
        )
        return list(self._nodes.values())

    # Nodes. Each gives its reference, `{"@id": ...}`, as another node names it.

    def _id(self, *path: str) -> str:
        return self._base + "/".join((self._service.id, *path))

    def _node(self, name: str, kinds: str | list[str], values: Json) -> Json:
        node = self._nodes.setdefault(name, {"@id": name, "@type": kinds})
        node.update(values)
        return {"@id": name}

    def _put(self, reference: Json, kind: str, values: Json) -> Json:
        """The values as properties of a class: the context names them `Cost.hasValue`."""
        filled = {
            f"{kind}.{name}": value for name, value in values.items() if value not in (None, [], {})
        }
        self._nodes[reference["@id"]].update(filled)
        return reference

    def _thing(self, kind: str, path: tuple[str, ...], values: Json) -> Json:
        reference = self._node(self._id(*path), kind, {})
        return self._put(reference, kind, {"identifier": path[-1], **values})

    def _concept(self, name: str, label: Text | None = None) -> Json:
        words = {"http://www.w3.org/2004/02/skos/core#prefLabel": _words(label)} if label else {}
        return self._node(name, "Concept", words)

    def _code(self, scheme: str, code: str, label: Text | None = None) -> Json:
        return self._concept(f"{self._base}{scheme}/{code}", label)

    def _language(self, code: str) -> Json:
        name = f"{_AUTHORITY}language/{_LANGUAGES.get(code, code.upper())}"
        return self._node(name, "LinguisticSystem", {})

    def _place(self, code: str) -> Json:
        country = _COUNTRIES.get(code)
        name = f"{_AUTHORITY}country/{country}" if country else f"{self._base}place/{code}"
        return self._node(name, "Location", {})

    def _hours(self, hours: str | None, *path: str) -> list[Json]:
        if hours is None:
            return []
        reference = self._node(self._id(*path, "hours"), "TemporalEntity", {})
        told = [{"@value": hours, "@language": _WITHOUT_LANGUAGE}]
        return [self._put(reference, "TemporalEntity", {"description": told})]

    def _authority(self, name: str, words: Text) -> Json:
        reference = self._node(f"{self._base}{name}", ["PublicOrganization", "Organization"], {})
        spatial = self._service.competent_authority.spatial or "LA"
        return self._put(
            reference,
            "PublicOrganization",
            {"preferredLabel": _words(words), "spatial": [self._place(spatial)]},
        )

    def _life_event(self, item: LifeEvent) -> Json:
        # Both classes: the shape of a service asks for an Event, and infers nothing
        reference = self._node(f"{self._base}life-event/{item.id}", ["LifeEvent", "Event"], {})
        return self._put(reference, "Event", {"identifier": item.id, "name": _words(item.name)})

    def _channel(self, name: str) -> Json:
        item = next(item for item in self._service.channels if item.id == name)
        return self._thing(
            "Channel",
            ("channel", name),
            {
                "type": self._code("channel", item.type),
                "openingHours": self._hours(item.opening_hours, "channel", name),
                "processingTime": _days(item.processing_days) if item.processing_days else None,
            },
        )

    def _cost(self, item: Cost) -> Json:
        known = {channel.id for channel in self._service.channels}
        # A fee that nobody has confirmed, or that the form works out, has no value: never 0
        value = None if item.computed_by else item.value
        return self._thing(
            "Cost",
            ("cost", item.id),
            {
                "hasValue": None if value is None else _double(value),
                "currency": self._concept(f"{_AUTHORITY}currency/{item.currency}"),
                "description": _words(item.description),
                "ifAccessedThrough": self._channel(item.channel) if item.channel in known else None,
            },
        )

    def _evidence(self, item: Evidence) -> Json:
        values = {"name": _words(item.name), "description": _words(item.when) if item.when else []}
        return self._thing("Evidence", ("evidence", item.id), values)

    def _requirement(self, item: Named, evidence: Mapping[str, Json]) -> Json:
        supporting = [evidence[name] for name in item.evidence if name in evidence]
        values = {"name": _words(item.name), "hasSupportingEvidence": supporting}
        return self._thing("Requirement", ("requirement", item.id), values)

    def _legal(self, item: Named) -> Json:
        # ELI gives a law no title of its own in this profile; Dublin Core's says it to readers
        words = {"http://purl.org/dc/terms/title": _words(item.name)}
        return self._node(f"{self._base}law/{item.id}", "LegalResource", words)

    def _rule(self, item: Named, legal: Mapping[str, Json]) -> Json:
        described = _words(item.description or item.name)
        implements = [legal[name] for name in item.implements if name in legal]
        return self._thing(
            "Rule",
            ("rule", item.id),
            {"name": _words(item.name), "description": described, "implements": implements},
        )

    def _output(self, item: Named) -> Json:
        return self._thing("Output", ("output", item.id), _told(item))

    def _contact(self) -> list[Json]:
        contact = self._service.contact
        telephones = [contact.telephone, contact.complaint_telephone]
        told = list(dict.fromkeys(number for number in telephones if number))
        if not told and not contact.opening_hours:
            return []
        reference = self._node(self._id("contact"), "ContactPoint", {})
        values = {
            "hasTelephone": told,
            "openingHours": self._hours(contact.opening_hours, "contact"),
        }
        return [self._put(reference, "ContactPoint", values)]


def _audience(code: str) -> Text | None:
    return Text(AUDIENCES[code]) if code in AUDIENCES else None


def _told(item: Named) -> Json:
    words = _words(item.description) if item.description else []
    return {"name": _words(item.name), "description": words}


def _words(text: Text) -> list[Json]:
    return [{"@value": text[language], "@language": language} for language in _sorted(text)]


def _sorted(languages: Iterable[str]) -> list[str]:
    return sorted(languages, reverse=True)  # Lao before English


def _days(days: int) -> str:
    return f"P{days}D"


def _double(value: int) -> Json:
    return {"@value": f"{value}.0", "@type": "http://www.w3.org/2001/XMLSchema#double"}
