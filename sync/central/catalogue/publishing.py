"""Publishing a service: from the folder a ministry wrote to a bundle on the shelf.

Apart from the shelf because it needs the spreadsheet tools, which a serving process never loads.
"""

from collections.abc import Callable
from pathlib import Path

from kiosk.forms.bundle import Bundle
from kiosk.forms.publish import CannotPublish
from kiosk.forms.publish import publish as make_bundle
from sync.central.catalogue import shelf
from sync.central.intake.rings import Ring
from sync.central.keys import central_keys


class BadFolder(shelf.CatalogueError):
    """The folder has errors; each is named with its place, in whatever language it is read."""

    def __init__(self, problem: CannotPublish) -> None:
        super().__init__(str(problem))
        self._findings = problem.findings

    def words(self, translate: Callable[..., str]) -> str:
        """A line for each, as `translate(sentence, **places)` gives it."""
        return "\n".join(finding.line(translate) for finding in self._findings)


def publish(folder: Path, version: str | None = None, ring: Ring = Ring.ALL) -> Bundle:
    """Make a bundle of a service's folder and give it to the kiosks of a ring.

    Raises:
        BadFolder: the form or the descriptor has errors.
        shelf.NotNewer: a version that does not come after the published one.
    """
    try:
        data = make_bundle(folder, version, central_keys().bundles)
    except CannotPublish as problem:
        raise BadFolder(problem) from problem
    return shelf.put(data, ring)
