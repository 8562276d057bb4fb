"""Pictures: whole, of the kind that they say, and no larger than a scan."""

import warnings

from PIL import Image

from .budget import MOST_PIXELS, Budget, BudgetedFile
from .refusals import Unsafe

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}


def check_image(content: bytes, kind: str, budget: Budget) -> None:
    """Raises Unsafe for a picture that is cut off, damaged, or too large to be opened with ease."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is below
            with Image.open(BudgetedFile(content, budget), formats=[_FORMATS[kind]]) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Unsafe("pixels", str(MOST_PIXELS // 10**6))
                if kind == "image/jpeg":
                    image.draft("RGB", (1, 1))  # decoded at an eighth of its size: all is read, little memory is used
                    image.load()
                else:
                    image.verify()
    except Image.DecompressionBombError as error:
        raise Unsafe("pixels", str(MOST_PIXELS // 10**6)) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # Pillow's own errors for what is no picture
        raise Unsafe("image") from error
