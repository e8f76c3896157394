"""What a repair of a damage may cost, in GEL: a proposal for the person who decides, never a charge.

The table is a default of this project, round figures of the order that workshops in Georgia take for an economy car,
part and paint included. Every company writes its own over it: ``damage.prices`` in the settings, by part and kind,
wins field by field (docs: config.example.yaml). Nothing is charged by it; see ``damage.charge_client``.
"""

from collections.abc import Mapping

from core.inspection.damage import DamageKind, Part

Prices = Mapping[Part, Mapping[DamageKind, int]]

_SCRATCH, _DENT, _CRACK, _MISSING = DamageKind.SCRATCH, DamageKind.DENT, DamageKind.CRACK, DamageKind.MISSING_PART
_GLASS, _LAMP, _TYRE = DamageKind.BROKEN_GLASS, DamageKind.BROKEN_LAMP, DamageKind.FLAT_TYRE

_BUMPER = {_SCRATCH: 150, _DENT: 200, _CRACK: 350, _MISSING: 700}
_FENDER = {_SCRATCH: 180, _DENT: 250, _CRACK: 400, _MISSING: 600}
_REAR_FENDER = {_SCRATCH: 200, _DENT: 320, _CRACK: 500, _MISSING: 900}
_DOOR = {_SCRATCH: 200, _DENT: 300, _CRACK: 450, _MISSING: 900}

DEFAULT_PRICES: Prices = {
    Part.HOOD: {_SCRATCH: 220, _DENT: 350, _CRACK: 500, _MISSING: 1000},
    Part.FRONT_BUMPER: _BUMPER,
    Part.REAR_BUMPER: _BUMPER,
    Part.FRONT_LEFT_FENDER: _FENDER,
    Part.FRONT_RIGHT_FENDER: _FENDER,
    Part.REAR_LEFT_FENDER: _REAR_FENDER,
    Part.REAR_RIGHT_FENDER: _REAR_FENDER,
    Part.FRONT_LEFT_DOOR: _DOOR,
    Part.FRONT_RIGHT_DOOR: _DOOR,
    Part.REAR_LEFT_DOOR: _DOOR,
    Part.REAR_RIGHT_DOOR: _DOOR,
    Part.TAILGATE: {_SCRATCH: 200, _DENT: 320, _CRACK: 450, _MISSING: 1000},
    Part.ROOF: {_SCRATCH: 250, _DENT: 450},
    Part.WINDSCREEN: {_SCRATCH: 100, _CRACK: 500, _GLASS: 500},
    Part.REAR_WINDOW: {_CRACK: 400, _GLASS: 400},
    Part.SIDE_WINDOW: {_CRACK: 200, _GLASS: 200},
    Part.HEADLAMP: {_SCRATCH: 60, _CRACK: 500, _LAMP: 500, _MISSING: 500},
    Part.TAIL_LAMP: {_SCRATCH: 50, _CRACK: 250, _LAMP: 250, _MISSING: 250},
    Part.MIRROR: {_SCRATCH: 60, _CRACK: 120, _GLASS: 80, _MISSING: 250},
    Part.WHEEL: {_SCRATCH: 80, _DENT: 200, _CRACK: 300, _TYRE: 180, _MISSING: 60},
    Part.INTERIOR: {_SCRATCH: 80, _CRACK: 150, _MISSING: 150, DamageKind.AIRBAG: 2500},
}


def cost_of(part: Part, kind: DamageKind, own: Mapping[str, Mapping[DamageKind, int]]) -> int | None:
    """The company's own price, else the table's; None where neither has one: a person has to look."""
    price = own.get(str(part), {}).get(kind)
    return DEFAULT_PRICES.get(part, {}).get(kind) if price is None else price
