"""A file that was made for whoever asks: given out to be saved, and kept nowhere."""

from io import BytesIO

from flask import Response, send_file

from casework.services.made_documents import MadeFile


def file_of(made: MadeFile) -> Response:
    """Return the file as a download."""
    return send_file(
        BytesIO(made.content),
        mimetype=made.file_kind.media_type,
        as_attachment=True,
        download_name=made.file_name,
    )
