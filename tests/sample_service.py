"""The smallest service there can be, for tests that are not about forms."""

import json

from kiosk.forms import bundle
from kiosk.forms.definition import Definition, Field
from kiosk.forms.form_json import json_of
from sync.central.catalogue import shelf
from sync.central.intake.rings import Ring
from sync.central.keys import central_keys

SERVICE = "la.example.smallest"
VERSION = "1"
OFFICE = "la-vte-xaythany"


def bundle_files(version: str = VERSION, dictionary: bytes | None = None) -> dict[str, bytes]:
    form = Definition("smallest", version, "Smallest", ("lo",), "lo", {"lo": "Lao"}, Field("data"))
    descriptor = {
        "id": SERVICE,
        "version": version,
        "name": {"lo": "ບໍລິການຕົວຢ່າງ", "en": "Sample service"},
        "description": {"en": "For tests"},
        "competent_authority": {"id": "la.example", "name": {"en": "Example"}},
        "audience": ["resident"],
        "processing_time": "P3D",
    }
    files = {"descriptor.json": json.dumps(descriptor).encode(), "form.json": json_of(form)}
    return files | ({bundle.DICTIONARY: dictionary} if dictionary else {})


def put_on_shelf(
    version: str = VERSION, dictionary: bytes | None = None, ring: Ring = Ring.ALL
) -> None:
    """Publish it at the central of this process."""
    files = bundle_files(version, dictionary)
    shelf.put(bundle.pack(files, SERVICE, version, central_keys().bundles), ring)
