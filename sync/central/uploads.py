"""What a browser may send at once: checked by its announced length, before a byte is written.

Django would write any large file to the disk first and let the page judge afterwards; whoever is
not even signed in could fill the disk with the form of the sign-in page.
"""

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

UPLOAD_BYTES_MAX: Final = 24 * 2**20  # a workbook of 10 MB with its lists


class CappedUpload(TemporaryFileUploadHandler):
    """Writes files to temporary ones, unless all together are too much."""

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ANN401 - Django's stream has no type
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse the whole request.

        Raises:
            RequestDataTooBig: Django answers with its page for bad requests.
        """
        del input_data, META, boundary, encoding
        if content_length > UPLOAD_BYTES_MAX:
            raise RequestDataTooBig("The files are too large together.")
