"""People from a file, with the territories that they hold.

A row adds a person, an assignment, or both; several rows may speak of one person. Somebody who is
known already keeps name and role.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Person, Role
from insights.services import assignments, people
from insights.services.catalogue import Catalogue
from insights.services.csv_cells import split_values
from insights.services.import_columns import Field, Row
from insights.services.import_rows import RowTaker, Words
from insights.services.import_run import ImportRun
from insights.services.import_values import TimeReader, read_choice
from insights.text import clean


class People(RowTaker):
    """People: e-mail address, name, role, territories and the day since when they hold them."""

    noun = "people"
    fields = (
        Field("email", ("mail", "email_address", "address", "login"), required=True),
        Field("name", ("full_name", "person"), required=True),
        Field("role", ("function",)),
        Field("territory", ("territories", "state", "region", "assignment"), many=True),
        Field("since", ("from", "start", "start_date", "assigned_since")),
    )

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self._times = TimeReader(run.options.zone, run.options.date_format)
        self._territories = Words(Catalogue.find_territory)

    def take_row(self, session: Session, row: Row) -> bool:
        """Adds the person unless the address is known, and the assignments that are new."""
        email = clean(row.get("email")).lower()
        person_id = session.scalar(select(Person.id).where(Person.email == email))
        added = person_id is None
        if person_id is None:
            role = row.get("role")
            person_id = people.add(
                session,
                self.run.actor,
                now=self.run.now,
                email=email,
                name=row.get("name"),
                role=read_choice(Role, "role", role) if role else Role.REP,
            ).id
        return self._assign(session, person_id, row) or added

    def _assign(self, session: Session, person_id: int, row: Row) -> bool:
        words = split_values(row.get("territory"))
        if not words:
            return False
        since = self._since(row.get("since"))
        history = assignments.person_history(session, self.run.actor, person_id=person_id)
        held = {one.territory_slug for one in history if one.until is None or one.until > since}
        wanted = (
            self.require(session, self._territories, "territories", word, "territory")
            for word in words
        )
        new = dict.fromkeys(one.slug for one in wanted if one and one.slug not in held)
        for slug in new:
            assignments.assign(
                session,
                self.run.actor,
                now=self.run.now,
                territory_slug=slug,
                person_id=person_id,
                since=since,
            )
        return bool(new)

    def _since(self, cell: str) -> date:
        if cell:
            return self._times.day("since", cell)
        return self.run.now.astimezone(self.run.options.zone).date()
