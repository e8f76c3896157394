"""What people mean by ``car:61000``, ``booking:1234``, ``client:77``: the subjects of our rows."""

from db.queries import fleet_views
from db.session import Tx

_BY_NUMBER = {
    "booking": "SELECT id FROM bookings WHERE deleted_at IS NULL AND (number = %(n)s OR rentprog_id = %(n)s)",
    "client": "SELECT id FROM clients WHERE deleted_at IS NULL AND rentprog_id = %(n)s",
}
LARGEST = 2**31 - 1


async def find(tx: Tx, kind: str, key: str) -> list[str]:
    """All that fit; a car by RentProg's number, plate or code, the others by number."""
    if kind == "car":
        cars = await fleet_views.find_cars(tx, key)
        exact = [car for car in cars if str(car.rentprog_id) == key]
        return [f"car:{car.id}" for car in exact or cars]
    if not key.isascii() or not key.isdecimal() or int(key) > LARGEST:
        return []
    rows = await tx.rows(f"{_BY_NUMBER[kind]} ORDER BY rentprog_id = %(n)s DESC, created_at DESC", {"n": int(key)})
    return [f"{kind}:{row['id']}" for row in rows[:1]]
