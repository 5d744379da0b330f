"""A whole kiosk at work gives its technician the real line, the real printer and a real stick."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.app import at_work, open_ledger
from kiosk.config import NO_CAMERA, NO_MICROPHONE, KioskConfig
from kiosk.printing.errors import PrinterCode
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from sync.identity import enrol
from tests.papers import until
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import submit
from tests.stand_ins.web_server import Request, WebServer

PATIENCE_S = 60.0


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def config(tmp_path: Path, central: StandInCentral) -> Iterator[KioskConfig]:
    roads: dict[str, Callable[[bytes], bytes]] = {
        "/v1/exchange": central.exchange,
        "/v1/evidence": central.send_evidence,
    }
    with WebServer(lambda request: _answer(request, roads)) as server:
        config = KioskConfig(
            data_dir=tmp_path / "data",
            central_url=server.url,
            printer_port=str(tmp_path / "printer"),
            printer_profile="epson-tm-t88",
            camera_device=NO_CAMERA,
            microphone_device=NO_MICROPHONE,
            exchange_every_s=3600,
        )
        config.data_dir.mkdir()
        with closing(open_ledger(config)) as ledger:
            enrol(ledger, central, "CODE-1", "A kiosk")
        yield config


def _answer(request: Request, roads: dict[str, Callable[[bytes], bytes]]) -> None:
    request.answer(roads[request.path](request.body))


def test_a_technician_reaches_line_printer_doctor_and_stick(
    config: KioskConfig, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    link = Path(config.printer_port)
    with (
        VirtualPrinter(load_profile("epson-tm-t88"), link=link) as printer,
        at_work(config) as kiosk,
    ):
        kiosk.begin()
        technician = kiosk.technician

        def is_well() -> bool:
            condition = technician.condition()
            return bool(
                condition.printer.code is PrinterCode.READY and condition.road.state.last_success
            )

        assert until(is_well, PATIENCE_S)
        with closing(open_ledger(config)) as ledger:
            submit(ledger)
        assert technician.condition().road.numbers.envelopes == 1

        technician.connect_now()
        assert until(lambda: technician.condition().road.books.delivered == 1, PATIENCE_S)

        technician.print_test_page()
        assert until(lambda: bool(printer.papers), PATIENCE_S)

        technician.examine()
        assert until(lambda: technician.findings is not None, 60)
        assert technician.findings is not None
        found = "\n".join(technician.findings())  # by their numbers: of line, ledger and printer
        assert not [number for number in (24, 26, 28, 32, 45, 51, 52) if f"\n{number}: " in found]

        technician.carry(stick)
        assert until(lambda: technician.carried is not None, PATIENCE_S)
        assert list(stick.rglob("*.batch"))
