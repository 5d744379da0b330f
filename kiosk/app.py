"""The one place that knows everyone: opens the ledger, starts the workers, shows the first screen.

Three threads, each owning one slow thing: window, network, printer. They meet only in SQLite. What
a site lacks (a printer, a scanner, a camera, a line) is left out here and nowhere else.
"""

import fcntl
import logging
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from kiosk import VERSION
from kiosk.config import LOCK_NAME, NO_CAMERA, NO_MICROPHONE, ConfigError, KioskConfig
from kiosk.desk import Desk
from kiosk.devices.camera import CameraPhotos, library_is_here
from kiosk.devices.file import FolderFiles
from kiosk.devices.keyboard_scanner import KeyboardScanner, is_keyboard
from kiosk.devices.microphone import Microphone
from kiosk.devices.photo import FolderPhotos, JoinedPhotos, PhotoSource
from kiosk.devices.scanner import Scanner
from kiosk.log_files import keep_log
from kiosk.panels import PANELS
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.probe import PortFinder, ports
from kiosk.printing.profile import PrinterProfile, profile_for_site
from kiosk.printing.slip import Slip
from kiosk.printing.tables import MIGRATIONS as KIOSK_TABLES
from kiosk.printing.vault import Vault
from kiosk.printing.worker import PrintWorker
from kiosk.room import Disk
from kiosk.standing import StandingLines
from kiosk.supervisor import ALIVE, READY, Supervisor
from kiosk.technician import Findings, Hands, Technician
from kiosk.tidier import Tidier
from kiosk.visit import Visit
from sync import token
from sync.client import HttpCentral
from sync.clock import DeviceClock
from sync.durable import make_folder
from sync.identity import Identity
from sync.ledger import Ledger
from sync.link import LinkWatch, kernel_news
from sync.scrubbed import Plain
from sync.sentence import Sentence
from sync.worker import SyncWorker

if TYPE_CHECKING:
    from sync.relay import OwnOrRelay

log = logging.getLogger(__name__)

TIDY_EVERY_S = 1.0
BEGIN_AFTER_S = 0.3  # the first frame has the processor for itself, then printer and line follow
TIDY_DESK_EVERY_S = 600.0  # of entries and counts whose days are over
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")  # any of them names one


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A kiosk at work, without its window; `begin` starts the printer and the line."""

    begin: Callable[[], None]
    desk: Desk
    technician: Technician
    visit: Visit
    scanner: Scanner | None
    photos: PhotoSource | None
    files: FolderFiles | None
    microphone: Microphone | None
    camera_looks_down: bool
    supervisor: Supervisor = field(default_factory=lambda: Supervisor({}))


def open_ledger(config: KioskConfig, *, anew: bool = False) -> Ledger:
    """The ledger with all its tables; each thread opens its own. `anew`: see `Ledger.open`."""
    return Ledger.open(config.ledger_path, KIOSK_TABLES, anew=anew)


def central_of(config: KioskConfig) -> "HttpCentral | OwnOrRelay":
    """The road to central that the settings name, with the neighbour's where there is one."""
    own = HttpCentral(config.central_url, ca=config.central_ca)
    if not config.relay_url:
        return own
    # Unprotected on purpose: what goes this way is signed and sealed, and enrolment does not.
    from sync.relay import OwnOrRelay  # noqa: PLC0415 - few kiosks need it, and all wait for it

    return OwnOrRelay(own, HttpCentral(config.relay_url, allow_http=True))


@contextmanager
def at_work(config: KioskConfig) -> Iterator[Kiosk]:
    """A kiosk whose printer and line are ready to begin; leaving it stops them.

    Raises:
        NotEnrolled: the machine is no kiosk yet.
        ConfigError: another program runs on the same data.
        LedgerError: the ledger cannot be opened.
    """
    with ExitStack() as stack:
        stack.enter_context(alone(config))
        supervisor = stack.enter_context(closing(Supervisor()))
        ledger = open_ledger(config)
        stack.callback(ledger.close)
        identity = ledger.enrolled_identity()
        ledger.sweep_evidence()
        vault = Vault()
        jobs, clock = PrintJobs(ledger, vault), DeviceClock(ledger)
        interrupted = jobs.find_interrupted()  # before the printer's thread takes over
        central = central_of(config)
        stack.callback(central.close)
        line = SyncWorker(
            lambda: open_ledger(config),
            central,
            heartbeat_s=config.exchange_every_s,
            budget=config.budget,
            keeping=config.keeping,
        )
        _relay(config, stack)
        profile = _profile(config)
        printer = None if profile is None else _printer(config, profile, vault, identity)
        wake_printer = printer.nudge if printer else lambda: None
        if printer is None:  # else its thread does, and writes down how many papers it found
            jobs.recover()
            jobs.note_printer(PrinterCode.NONE, clock.now().at_ms)
        watch = LinkWatch(line.nudge, news=kernel_news(), silent_s=lambda: line.silent_s)
        workers = [worker for worker in (line, watch, printer) if worker is not None]
        for worker in workers:
            stack.callback(worker.stop)

        def begin() -> None:
            for worker in workers:
                worker.start()

        desk = Desk(
            ledger,
            jobs,
            clock,
            interrupted=interrupted,
            keep_unfinished_days=config.keep_unfinished_days,
            disk=lambda: Disk.of(config.data_dir, config.disk_reserve_percent),
            wake_printer=wake_printer,
            wake_exchange=line.nudge,
        )
        desk.room.hold_spare()
        yield Kiosk(
            begin=begin,
            desk=desk,
            technician=Technician(
                ledger,
                jobs,
                clock,
                config,
                lambda: open_ledger(config),
                profile=profile,
                hands=Hands(
                    wake_exchange=line.nudge,
                    wake_printer=wake_printer,
                    rests_s=lambda: line.rests_s,
                    limits=lambda: line.limits,
                    examine=lambda: _examined(config),
                    test_page=None if profile is None else _test_page(profile, ledger),
                ),
            ),
            visit=Visit(monotonic, idle_s=config.idle_s, warning_s=config.idle_warning_s),
            scanner=_scanner(config, stack),
            photos=_photos(config, stack),
            files=FolderFiles(config.photo_folder) if config.photo_folder else None,
            microphone=_microphone(config, stack),
            camera_looks_down=config.camera_looks_down,
            supervisor=supervisor,
        )


def _relay(config: KioskConfig, stack: ExitStack) -> None:
    """Pass on what neighbours without a line send, by a connection of its own."""
    if not config.relay_port:
        return
    from sync.relay import Relay  # noqa: PLC0415 - few kiosks need it, and all wait for it
    from sync.thrift import Thrift  # noqa: PLC0415

    line = stack.enter_context(HttpCentral(config.central_url, ca=config.central_ca))
    road = Thrift(line, lambda: open_ledger(config), config.budget)
    try:
        stack.enter_context(Relay(road, config.relay_port))
    except OSError as problem:
        raise ConfigError(
            Sentence(
                "The port %(port)s cannot be opened (%(why)s). Give another one as relay_port.",
                port=config.relay_port,
                why=Sentence(str(problem.strerror)),
            )
        ) from problem


@contextmanager
def alone(config: KioskConfig) -> Iterator[None]:
    """Hold the folder: two programs on one ledger would print everything twice."""
    make_folder(config.data_dir)
    handle = os.open(config.data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise ConfigError(
                Sentence(
                    "Another kiosk program already runs on %(folder)s. Close it first.",
                    folder=config.data_dir,
                )
            ) from problem
        yield
    finally:
        os.close(handle)


def _profile(config: KioskConfig) -> PrinterProfile | None:
    if not config.printer_port:
        return None
    return profile_for_site(config.printer_profile, config.printer_baud, config.printer_dead_dots)


def _examined(config: KioskConfig) -> Findings:
    from kiosk.field.doctor import look_from_within  # noqa: PLC0415 - hardly ever needed

    return look_from_within(config)


def _test_page(profile: PrinterProfile, ledger: Ledger) -> Callable[[], Slip]:
    def made() -> Slip:
        from kiosk.field.self_test import find_site, self_test  # noqa: PLC0415 - hardly ever needed

        return self_test(profile, find_site(ledger))

    return made


def _printer(
    config: KioskConfig, profile: PrinterProfile, vault: Vault, identity: Identity
) -> PrintWorker:
    finder = PortFinder(
        config.printer_port,
        profile.baud,
        asks=profile.answers_status,
        others=lambda: _other_ports(config),
    )
    return PrintWorker(
        lambda: open_ledger(config),
        open_port=finder.open,
        profile=profile,
        vault=vault,
        sign=lambda claims: token.sign(
            claims, identity.signing_key, bytes.fromhex(identity.device)
        ),
        clock=DeviceClock,
        standing=StandingLines(),
    )


def _other_ports(config: KioskConfig) -> Iterator[str]:
    """Where the printer may be when its cable was moved; never the scanner's port."""
    scanner = os.path.realpath(config.scanner_port) if config.scanner_port else ""
    return (port for port in ports() if os.path.realpath(port) != scanner)


def _scanner(config: KioskConfig, stack: ExitStack) -> Scanner | None:
    if not config.scanner_port:
        return None
    kind = KeyboardScanner if is_keyboard(config.scanner_port) else Scanner
    scanner = kind(config.scanner_port)
    scanner.start()
    stack.callback(scanner.stop)
    return scanner


def _photos(config: KioskConfig, stack: ExitStack) -> PhotoSource | None:
    sources: list[PhotoSource] = []
    if config.camera_device != NO_CAMERA:
        if library_is_here():
            camera = CameraPhotos(config.camera_device)
            stack.callback(camera.stop)
            sources.append(camera)
        else:
            log.info("Cameras are left alone: the library that drives them, av, is not installed.")
    if config.photo_folder:
        sources.append(FolderPhotos(config.photo_folder))
    return JoinedPhotos(*sources) if sources else None


def _microphone(config: KioskConfig, stack: ExitStack) -> Microphone | None:
    if config.microphone_device == NO_MICROPHONE or not library_is_here():
        return None
    microphone = Microphone(config.microphone_device)
    stack.callback(microphone.forget)
    return microphone


def run(config: KioskConfig, *, in_window: bool = False) -> int:
    """Open the window and serve until it is closed.

    Raises:
        ConfigError: there is no display, or the settings name a panel that is not known.
    """
    from kiosk.screens import bootstrap  # noqa: PLC0415 - Kivy must not be imported before this

    if not any(map(os.environ.get, DISPLAYS)):  # SDL would draw for nobody and say nothing
        raise ConfigError(
            Sentence(
                "There is no display here. Run it in the session that is on the kiosk's screen, "
                "or name that display: DISPLAY=:0 kiosk run."
            )
        )
    if config.panel not in PANELS:
        raise ConfigError(
            Sentence(
                "There is no panel %(panel)s; there are %(known)s.",
                panel=repr(config.panel),
                known=", ".join(PANELS),
            )
        )
    fullscreen = config.fullscreen and not in_window
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold somebody's answers
    with at_work(replace(config, fullscreen=fullscreen)) as kiosk:
        keep_log(config.data_dir, config.log_days)
        log.info("The kiosk begins, version %s.", Plain(VERSION))
        # Only now: what keeps the ledger shut is said before Kivy says anything.
        bootstrap.prepare(PANELS[config.panel], config.data_dir / "kivy", fullscreen=fullscreen)
        window = _window(kiosk)
        signal.signal(signal.SIGTERM, lambda *_: window.stop())
        signal.signal(signal.SIGPWR, lambda *_: window.power_goes())
        window.run()
    return 0


def _window(kiosk: Kiosk) -> Any:  # noqa: ANN401 - Kivy has no types
    """The Kivy application. Kivy is imported here, after it was prepared."""
    from kivy.app import App  # noqa: PLC0415
    from kivy.base import ExceptionManager  # noqa: PLC0415
    from kivy.clock import Clock  # noqa: PLC0415

    from kiosk.screens import doors  # noqa: PLC0415
    from kiosk.screens.player import KivyPlayer  # noqa: PLC0415
    from kiosk.screens.rescue import Rescue  # noqa: PLC0415
    from kiosk.screens.shell import Devices, Shell  # noqa: PLC0415

    tidier = Tidier(kiosk.visit)

    class KioskApp(App):
        """Kivy's frame around the shell."""

        title = "One-Door kiosk"
        use_kivy_settings = False

        def build(self) -> Shell:
            devices = Devices(
                player=KivyPlayer(),
                scanner=kiosk.scanner,
                photos=kiosk.photos,
                files=kiosk.files,
                microphone=kiosk.microphone,
                camera_looks_down=kiosk.camera_looks_down,
            )
            return Shell(kiosk.desk, kiosk.visit, devices, kiosk.technician)

        def on_start(self) -> None:
            ExceptionManager.add_handler(Rescue(self.root))
            doors.shut(self.root_window, stays=bool(self.root_window.fullscreen))
            self.root.start()
            self.root_window.bind(on_flip=self._first_frame)

        def _first_frame(self, window: Any) -> None:  # noqa: ANN401 - Kivy has no types
            """Only now: Kivy counts from the frame before, and ahead of the first from long ago."""
            window.unbind(on_flip=self._first_frame)
            Clock.schedule_interval(lambda _dt: kiosk.supervisor.tell(ALIVE), TIDY_EVERY_S)
            Clock.schedule_interval(lambda _dt: tidier.look(), TIDY_EVERY_S)
            Clock.schedule_once(self._begin, BEGIN_AFTER_S)
            Clock.schedule_interval(self._tidy_desk, TIDY_DESK_EVERY_S)

        def _begin(self, _dt: float) -> None:
            kiosk.supervisor.tell(READY)
            kiosk.begin()
            self._tidy_desk()

        def _tidy_desk(self, _dt: float = 0.0) -> None:
            if not kiosk.visit.begun:
                kiosk.desk.erase_old_entries()
                kiosk.desk.send_journeys()

        def power_goes(self) -> None:
            Clock.schedule_once(lambda _dt: self.root.power_goes(self.stop))

        def on_stop(self) -> None:
            self.root.stop()

        def open_settings(self, *_largs: object) -> bool:
            return False  # F1 opens nothing

    return KioskApp()
