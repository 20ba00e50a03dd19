"""`/meetings/<id>`: one meeting. Each part of it has a file of routes of its own."""

from casework.web.meetings import adding_routes as adding_routes
from casework.web.meetings import agenda_circulation_routes as agenda_circulation_routes
from casework.web.meetings import agenda_routes as agenda_routes
from casework.web.meetings import attendance_routes as attendance_routes
from casework.web.meetings import blueprint as blueprint
from casework.web.meetings import circulation_routes as circulation_routes
from casework.web.meetings import decision_routes as decision_routes
from casework.web.meetings import interest_routes as interest_routes
from casework.web.meetings import item_routes as item_routes
from casework.web.meetings import leaving_routes as leaving_routes
from casework.web.meetings import moving_routes as moving_routes
from casework.web.meetings import paper_routes as paper_routes
from casework.web.meetings import record_routes as record_routes
