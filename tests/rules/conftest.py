"""Rules are tried without an application or a database, and however busy the machine is."""

from hypothesis import settings

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")
