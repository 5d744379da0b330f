"""The kinds of touch panel that a kiosk may have: the settings name one, the screens fill it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PanelProfile:
    """One kind of touch panel."""

    name: str
    width_px: int
    height_px: int
    px_per_mm: float

    def mm(self, length_mm: float) -> int:
        """That many millimetres in whole dots, never less than asked."""
        dots = length_mm * self.px_per_mm
        return int(dots) if dots == int(dots) else int(dots) + 1

    @property
    def width_mm(self) -> float:
        """The visible width."""
        return self.width_px / self.px_per_mm

    @property
    def height_mm(self) -> float:
        """The visible height."""
        return self.height_px / self.px_per_mm


PANELS = {
    panel.name: panel
    for panel in (
        PanelProfile("10in-1280x800", 1280, 800, 5.88),
        PanelProfile("10in-1024x600", 1024, 600, 4.6),
        PanelProfile("15in-1920x1080", 1920, 1080, 5.55),
        PanelProfile("21in-1920x1080", 1920, 1080, 4.03),
        PanelProfile("21in-1080x1920", 1080, 1920, 4.03),  # upright
    )
}
