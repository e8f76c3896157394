"""What staff do in RentProg: each act changes the world, writes the history line and tells its webhooks."""

from datetime import datetime, timedelta

from sandbox.company import World
from sandbox.company.booking_rows import FLAGS, Situation, Stay, booking_row
from sandbox.company.branches import BY_COMPANY_ID, Branch
from sandbox.company.cars import new_car
from sandbox.company.guests import client_row
from sandbox.company.history import booking_changed, car_changed, issued, payment_created, returned, unknown
from sandbox.company.notation import from_wall, iso
from sandbox.company.payments import count_row
from sandbox.company.table import Diff, Row, Table
from sandbox.rentprog.changes import Change, Entity, created, destroyed, updated

_CURRENCY = {39: "GEL", 1: "USD", 3: "EUR"}


class Office:
    """Every act returns the changes that RentProg would post; none is posted when nothing has changed.

    An unknown id raises KeyError. ``user_id`` is who did it, by default the first user of the branch.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def create_car(self, branch: Branch, fields: Row) -> list[Change]:
        row = self._world.cars.put(new_car(self._world.cars.next_id(), branch, fields))
        self._world.note(branch.company_id, unknown(self._who(branch, None), f"создал авто № {row['id']}"))
        return [created(Entity.CAR, branch, row)]

    def change_car(self, car_id: int, fields: Row, user_id: int | None = None) -> list[Change]:
        branch = self._branch(self._world.cars, car_id)
        diff = self._world.cars.change(car_id, fields)
        for field, (old, new) in diff.items():
            line = car_changed(self._who(branch, user_id), field, old, new, self._world.cars.rows[car_id])
            self._world.note(branch.company_id, line)
        return [updated(Entity.CAR, branch, car_id, diff)] if diff else []

    def move_car(self, car_id: int, company_id: int, user_id: int | None = None) -> list[Change]:
        """The webhook goes to the branch that the car leaves; ``branch_name`` in it is not to be trusted."""
        changes = self.change_car(car_id, {"company_id": company_id}, user_id)
        for item in self._world.maintenances.rows.values():
            if item["car_id"] == car_id:
                self._world.maintenances.change(item["id"], {"company_id": company_id})
        for change in changes:
            change.content["branch_name"] = "Example Branch"
        return changes

    def destroy_car(self, car_id: int) -> list[Change]:
        return [self._destroy(Entity.CAR, self._world.cars, car_id)]

    def create_client(self, branch: Branch, fields: Row) -> list[Change]:
        row = client_row(self._world.clients.next_id(), branch, self._world.now()) | fields
        return [created(Entity.CLIENT, branch, self._world.clients.put(row))]

    def change_client(self, client_id: int, fields: Row) -> list[Change]:
        branch = self._branch(self._world.clients, client_id)
        diff = self._change(self._world.clients, client_id, fields)
        return [updated(Entity.CLIENT, branch, client_id, diff)] if diff else []

    def destroy_client(self, client_id: int) -> list[Change]:
        return [self._destroy(Entity.CLIENT, self._world.clients, client_id)]

    def create_booking(self, branch: Branch, car_id: int, client_id: int | None, fields: Row) -> list[Change]:
        """``fields`` holds ``start_date`` and ``end_date`` as wall texts, and whatever else is told."""
        bookings = self._world.bookings
        clients = self._world.clients.rows
        stay = Stay(
            branch,
            self._world.cars.rows[car_id],
            None if client_id is None else clients[client_id],
            from_wall(fields["start_date"]),
            from_wall(fields["end_date"]),
            Situation.PLANNED,
            self._user_id(branch, None),
        )
        row = booking_row(bookings.next_id(), self._next_number(branch), stay, self._world.now()) | fields
        bookings.put(row)
        self._world.note(branch.company_id, unknown(self._who(branch, None), f"создал бронь № {row['id']}"))
        return [created(Entity.BOOKING, branch, row)]

    def change_booking(self, booking_id: int, fields: Row, user_id: int | None = None) -> list[Change]:
        branch = self._branch(self._world.bookings, booking_id)
        self._world.note(branch.company_id, booking_changed(self._who(branch, user_id), booking_id))
        return self._booking_update(booking_id, fields, self._user_id(branch, user_id))

    def issue(self, booking_id: int, mileage: int | None, user_id: int | None = None) -> list[Change]:
        branch = self._branch(self._world.bookings, booking_id)
        worker = self._user_id(branch, user_id)
        self._world.note(branch.company_id, issued(self._who(branch, user_id), booking_id))
        told = {"start_mileage": mileage} if mileage is not None else {}
        return self._booking_update(
            booking_id, {**FLAGS[Situation.OUT], "start_worker_id": worker, "state_updater": worker, **told}, worker
        )

    def take_back(self, booking_id: int, mileage: int | None, user_id: int | None = None) -> list[Change]:
        """The booking is over, and the car's odometer follows it in a webhook of its own."""
        branch = self._branch(self._world.bookings, booking_id)
        worker = self._user_id(branch, user_id)
        self._world.note(branch.company_id, returned(self._who(branch, user_id), booking_id))
        told = {"end_mileage": mileage} if mileage is not None else {}
        changes = self._booking_update(
            booking_id, {**FLAGS[Situation.RETURNED], "end_worker_id": worker, "state_updater": worker, **told}, worker
        )
        car_id = self._world.bookings.rows[booking_id]["car_id"]
        if mileage is not None and car_id in self._world.cars.rows:
            changes += self.change_car(car_id, {"mileage": mileage}, user_id)
        return changes

    def cancel(self, booking_id: int, user_id: int | None = None) -> list[Change]:
        return self.change_booking(booking_id, FLAGS[Situation.CANCELLED], user_id)

    def archive(self, booking_id: int, user_id: int | None = None) -> list[Change]:
        return self.change_booking(booking_id, {"archive": True, "active": False}, user_id)

    def destroy_booking(self, booking_id: int) -> list[Change]:
        return [self._destroy(Entity.BOOKING, self._world.bookings, booking_id)]

    def record_payment(self, branch: Branch, amount: float, fields: Row) -> Row:
        """RentProg has no webhook for money: it is found by polling only."""
        counts = self._world.counts
        user_id = fields.get("user_id")
        row = count_row(counts.next_id(), branch.company_id, self._world.now(), amount, {"user_id": user_id, **fields})
        counts.put(row)
        if row["booking_id"] in self._world.bookings.rows:
            self._world.bookings.touch(row["booking_id"])
        line = payment_created(self._who(branch, user_id), row, _CURRENCY[row["currency_id"]])
        self._world.note(branch.company_id, line)
        return row

    def _booking_update(self, booking_id: int, fields: Row, user_id: int) -> list[Change]:
        branch = self._branch(self._world.bookings, booking_id)
        diff = self._change(self._world.bookings, booking_id, fields)
        return [updated(Entity.BOOKING, branch, booking_id, diff, user_id)] if diff else []

    def _change(self, table: Table, row_id: int, fields: Row) -> Diff:
        """``updated_at`` grows with every real change."""
        diff = table.change(row_id, fields)
        if diff:
            diff |= table.change(row_id, {"updated_at": iso(self._later(table.rows[row_id]["updated_at"]))})
        return diff

    def _later(self, before: str) -> datetime:
        """Two changes of one millisecond still follow each other."""
        return max(self._world.now(), datetime.fromisoformat(before) + timedelta(milliseconds=1))

    def _destroy(self, entity: Entity, table: Table, row_id: int) -> Change:
        branch = self._branch(table, row_id)
        table.drop(row_id)
        self._world.note(branch.company_id, unknown(self._who(branch, None), f"удалил {entity} № {row_id}"))
        return destroyed(entity, branch, row_id)

    def _branch(self, table: Table, row_id: int) -> Branch:
        """A car that was moved to a company outside the mapping is told through the first branch."""
        return BY_COMPANY_ID.get(table.rows[row_id]["company_id"], self._world.branches[0])

    def _next_number(self, branch: Branch) -> int:
        rows = self._world.bookings.rows.values()
        return max((row["number"] for row in rows if row["company_id"] == branch.company_id), default=4000) + 1

    def _user_id(self, branch: Branch, user_id: int | None) -> int:
        return self._world.users[branch.company_id][0]["id"] if user_id is None else user_id

    def _who(self, branch: Branch, user_id: int | None) -> str:
        user = self._world.user(branch.company_id, self._user_id(branch, user_id))
        return user["name"] if user else "Unknown User"
