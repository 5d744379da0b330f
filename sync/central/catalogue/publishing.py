"""Publishing a service: from the folder a ministry wrote to a bundle on the shelf.

Apart from the shelf because it needs the spreadsheet tools, which a serving process never loads.
"""

from pathlib import Path

from kiosk.forms.bundle import Bundle
from kiosk.forms.publish import publish as make_bundle
from sync.central.catalogue import shelf
from sync.central.keys import central_keys


def publish(folder: Path, version: str | None = None) -> Bundle:
    """Make a bundle of a service's folder and give it to every kiosk.

    Raises:
        shelf.NotNewer: a version that does not come after the published one.
    """
    return shelf.put(make_bundle(folder, version, central_keys().bundles))
