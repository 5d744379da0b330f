"""One central server for the stories in which it only has to be there."""

from collections.abc import Iterator

import pytest

from tests.central import RunningCentral, running_central


@pytest.fixture(scope="session")
def common_central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    """Shared: count only what your own kiosk promised."""
    with running_central(tmp_path_factory.mktemp("common")) as running:
        yield running
