"""The QR: modules from text, for paper and for the screen.

Error correction M: level Q made no more worn papers readable and costs width. `qrcode` packs the
address in bytes and the digits behind it in numeric mode by itself.
"""

from collections.abc import Sequence
from typing import cast

MASK = 0  # any fits a signature, which looks random; choosing among all eight takes 16 ms
QUIET_MODULES = 4  # ISO/IEC 18004: white around it on each side

Modules = tuple[tuple[bool, ...], ...]


def render_qr(text: str) -> Modules:
    """The rows of modules, True is dark, without the quiet zone."""
    from qrcode.constants import ERROR_CORRECT_M  # noqa: PLC0415 - no first frame waits for them
    from qrcode.main import QRCode  # noqa: PLC0415

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    rows = cast("Sequence[Sequence[bool]]", code.get_matrix())
    return tuple(tuple(bool(module) for module in row) for row in rows)
