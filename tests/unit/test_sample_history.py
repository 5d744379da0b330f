"""The sample history is filed and decided as real applications are, and marked as a sample."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count

from kiosk.forms import publish
from sync.central import sample_data, sample_history
from sync.central.casework.audit import first_broken
from sync.central.casework.models import Case
from sync.central.catalogue import shelf
from sync.central.insight import carriage, period, work
from sync.central.intake.models import Device, SetAside
from sync.central.keys import central_keys
from sync.central.voice.models import Complaint, Feedback
from tests.officers import new_officer
from tests.sample_answers import EVERY_FOLDER

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
DAYS = 32


@pytest.fixture(scope="module")
def bundles() -> list[bytes]:
    folder = settings.ROOT / "assets" / "services"
    return [
        publish.publish(folder / EVERY_FOLDER[service], None, central_keys().bundles)
        for service in sample_history.ANSWERS
    ]


@pytest.fixture
def centre(central: Path, bundles: list[bytes]) -> None:
    assert central.is_dir()
    for bundle in bundles:
        shelf.put(bundle)
    for account in sample_data.ACCOUNTS:
        new_officer(account.username, account.office, handles_complaints=account.handles_complaints)


@pytest.mark.usefixtures("centre")
def test_made_up_people_apply_and_are_answered_as_real_ones_are() -> None:
    filed = sample_history.load(NOW, DAYS)
    assert Case.objects.count() == filed
    assert not SetAside.objects.exists()
    assert not [case for case in Case.everything.all() if first_broken(case) is not None]
    statuses = dict(Case.objects.values_list("status").annotate(Count("pk")).order_by())
    assert statuses.keys() == {"received", "returned", "approved"}
    assert Case.objects.exclude(replaces="").exists()
    assert Feedback.objects.filter(service=sample_history.RESIDENCE).exists()
    assert Complaint.objects.filter(on_time=True).exists()
    year = period.around(period.Span.YEAR, NOW.date())
    counted = work.Work()
    for one in work.measure(year, NOW).values():
        counted.add(one)
    assert counted.received == filed
    assert 0 < counted.kept < counted.promised
    roads = carriage.roads(year, {one.office for one in sample_history.CENTRES}, NOW)
    assert carriage.loss(roads) == 0
    assert all(0 < road.service.heard < road.service.open for road in roads)
    assert all("Sample" in device.name for device in Device.objects.all())
    with pytest.raises(sample_history.NotForSamples, match="already"):
        sample_history.load(NOW, DAYS)


@pytest.mark.usefixtures("central")
def test_a_server_without_the_samples_is_left_alone() -> None:
    with pytest.raises(sample_history.NotForSamples, match="Load the sample data first"):
        sample_history.load(NOW, DAYS)
    assert not Device.objects.exists()
