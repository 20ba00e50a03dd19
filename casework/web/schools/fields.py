"""The box in which a school or other setting is named: found as it is typed, or added."""

from functools import cached_property
from typing import Any

from wtforms.validators import StopValidation

from casework.queries import schools
from casework.web.fields import TextField

#: How many names that are like the one typed an error offers.
OFFERED = 5


class SettingField(TextField):
    """A setting by its name or URN. `new` names the tick box that lets it be added for review;
    `shares` the field whose list it draws on too.

    The browser offers the names that hold what was typed so far; one typed whole needs no list.
    After validation `setting_id` is the setting's, or None where nothing was typed or the name
    is new; `new_name` is the name of one to add.
    """

    def __init__(
        self, label: str, *args: Any, new: str = "", shares: str = "", **kwargs: Any
    ) -> None:
        super().__init__(label, *args, **kwargs)
        self.new, self.shares = new, shares
        self.setting_id: int | None = None
        self.new_name: str | None = None

    @cached_property
    def offered(self) -> list[str]:
        """Return what the list offers, by name."""
        return schools.offered()

    @property
    def list_id(self) -> str:
        """Return the identifier of the list that the box draws on."""
        return f"{self.shares or self.id}-list"

    def pre_validate(self, form: Any) -> None:
        """Find the setting. Raises StopValidation with the names that come near."""
        if self.process_errors or self.data is None:
            return
        found = schools.named(self.data)
        if len(found) == 1:
            self.setting_id = found[0].id
        elif found:
            raise StopValidation(
                "More than one setting has this name. Choose the one with the right URN"
            )
        elif self.new and form[self.new].data:
            self.new_name = self.data
        else:
            tick = form[self.new].label.text if self.new else ""
            raise StopValidation(_not_found(self.data, tick))

    def __call__(self, **kwargs: Any) -> Any:
        """Return the box; the list is `list_id`, which the template draws beside it."""
        return super().__call__(list=self.list_id, **kwargs)


def _not_found(typed: str, tick: str) -> str:
    near = schools.like(typed, OFFERED)
    words = f"No setting is called “{typed}”."
    if near:
        words += f" Did you mean {' or '.join(near)}?"
    return words + (f" To add it, tick “{tick}”" if tick else "")
