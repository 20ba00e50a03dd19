"""Tables and constraints. No decisions are taken here."""
