"""For whom a link is made."""

from flask_wtf import FlaskForm

from casework.web.fields import ChooseOne, Given


class MakeLinkForm(FlaskForm):
    """The contact who gets a link."""

    contact = ChooseOne("Who is it for?", validators=[Given("Choose who the link is for")])
