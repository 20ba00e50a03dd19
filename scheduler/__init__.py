"""The clock on the wall: which work runs when. It owns no logic."""
