"""Services in the order of life: what belongs to one event stands together, as their data say.

A bundle goes in its own order; services that name the same event follow each other; the rest stays
in the order of their ids.
"""

from collections.abc import Iterable

from kiosk.services import Service


def by_life_event(services: Iterable[Service]) -> tuple[Service, ...]:
    """Each service once, beside those of the same life event."""
    waiting = {service.id: service for service in services}
    order: list[Service] = []

    def take(service_id: str) -> None:
        service = waiting.pop(service_id, None)
        if service is None:
            return
        order.append(service)
        for event in service.descriptor.life_events:
            for other in event.bundle:
                take(other)
        events = {event.id for event in service.descriptor.life_events}
        for other in [one.id for one in waiting.values() if events & _events(one)]:
            take(other)

    for service_id in tuple(waiting):
        take(service_id)
    return tuple(order)


def event_name(service: Service, language: str) -> str:
    """The life event that a service belongs to first; empty where it names none."""
    events = service.descriptor.life_events
    return events[0].name.of(language) if events else ""


def _events(service: Service) -> set[str]:
    return {event.id for event in service.descriptor.life_events}
