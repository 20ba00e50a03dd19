"""`/releases`: one lead asks to read the other’s advice, and the other answers."""
