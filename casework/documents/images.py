"""Opening a picture: whole, of one page, and no larger than a page can be.

It runs in a process of its own (casework.apart).
"""

import warnings
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

#: An A3 page scanned at 600 dots an inch is 70 million.
MOST_PIXELS: Final = 80_000_000
_FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG"}
_AGAIN: Final = "Open it, save it again, and send that"


def look(given: dict[str, Any]) -> dict[str, Any]:
    """Return that the picture at `file` is one page, or why it is `refused`."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(given["file"], formats=[_FORMATS[given["media_type"]]]) as picture:
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return {"refused": "The picture is too large. Save it smaller, or scan it less finely"}
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError):
        return {"refused": f"The picture is damaged or not whole. {_AGAIN}"}
    return {"pages": 1}
