"""What the rules refuse, always in words that say what to do instead."""


class RuleError(ValueError):
    """A question the rules cannot answer; its text is written for the person who asked."""


class UnknownRule(RuleError):
    """No rule has this id."""


class Unanswerable(RuleError):
    """The rule exists, but not for these facts."""


class BeyondCalendar(Unanswerable):
    """A working day was asked for outside the years whose bank holidays are known."""


class BadRow(ValueError):
    """A row of the law contradicts itself; raised at import, so it never reaches a case."""
