"""What the running application knows of itself."""

from typing import cast

from flask import current_app

from casework.config import Settings


def settings() -> Settings:
    """Return the settings of the application that answers this request or runs this command."""
    return cast(Settings, current_app.extensions["casework.settings"])
