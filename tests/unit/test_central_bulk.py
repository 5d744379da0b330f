"""Many rows at once are the same rows as one by one, and break the same constraints."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from sync.central import bulk
from sync.central.casework.models import Case, CaseEvent
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import FeedAudience, FeedItem, StoredEnvelope
from tests.paper_kiosk import PaperKiosk


@pytest.mark.parametrize("model", [StoredEnvelope, Case, CaseEvent, FeedItem])
def test_a_row_written_in_bulk_reads_as_it_was(central: Path, model: type[Model]) -> None:
    assert central.is_dir()
    kiosk = PaperKiosk(CentralServer())
    kiosk.files()
    kiosk.sends()
    row = model._default_manager.latest("pk")
    names = [field.attname for field in model._meta.concrete_fields if field.attname != "id"]
    as_it_was = [getattr(row, name) for name in names]
    with transaction.atomic():
        CaseEvent.objects.all().delete()
        if model is not CaseEvent:
            model._default_manager.filter(pk=row.pk).delete()
        bulk.insert([row])
        again = model._default_manager.latest("pk")
        read = [getattr(again, name) for name in names]
        transaction.set_rollback(True)
    assert [bytes(x) if isinstance(x, memoryview) else x for x in read] == [
        bytes(x) if isinstance(x, memoryview) else x for x in as_it_was
    ]


def test_a_constraint_holds(central: Path) -> None:
    assert central.is_dir()
    PaperKiosk(CentralServer())
    audience = FeedAudience.objects.get(pk="nation")
    taken = FeedItem.objects.filter(audience=audience).latest("position")
    taken.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([taken])
    bulk.insert([])
