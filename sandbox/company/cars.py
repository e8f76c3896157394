"""The fleet: cars as RentProg keeps them, with their prices by season and length of rent."""

from collections.abc import Iterator
from random import Random

from sandbox.company.branches import BATUMI, KUTAISI, PARENT_COMPANY_ID, SERVICE_CENTER, TBILISI, Branch
from sandbox.company.table import Row

FIRST_CAR_ID = 61000
FIRST_PRICE_ID = 227000
PRICE_PERIODS = ["1 - 2", "3 - 4", "5 - 7", "8 - 15", "16 - 30", "30+"]

SEASONS: list[Row] = [
    {"id": 1, "name": "Зима", "start_date": "01.11", "end_date": "31.03"},
    {"id": "2", "name": "Весна", "start_date": "01.04", "end_date": "31.05"},
    {"id": 3, "name": "Лето", "start_date": "2025-06-01", "end_date": "2025-08-31"},
    {"id": 4, "name": "Осень", "start_date": "01.09", "end_date": "31.10"},
]
"""The first one wraps over the new year, one id is a text, one has ISO dates."""

_MODELS: tuple[tuple[str, str, str, int, int, str | None, float], ...] = (
    ("Nissan Rogue", "Кроссовер", "Средний", 256, 107, "Бензин 95", 7.4),
    ("Toyota Prius", "Седан", "Эконом", 122, 58, "Гибрид", 4.2),
    ("Hyundai Elantra", "Седан", "Эконом", 147, 62, "null", 9),
    ("Subaru Forester", "Кроссовер", "Средний", 182, 96, "Бензин 95", 8.1),
    ("Jeep Compass", "Внедорожник", "Средний", 177, 99, "Бензин 95", 9.5),
    ("Mazda CX-5", "Кроссовер", "Бизнес", 187, 110, "", 8),
    ("Ford Transit", "Минивэн", "Минивэн", 155, 140, "Дизель", 10.3),
    ("Mini Cooper", "Хэтчбек", "Бизнес", 136, 90, "Бензин 95", 6.6),
)

_COLORS = ("White", "Black", "Silver", "Red", "Blue", "null")

_HOMES = (*(TBILISI,) * 10, *(KUTAISI,) * 6, *(BATUMI,) * 6, *(SERVICE_CENTER,) * 2)
"""One after another for the first 24 cars; a larger fleet repeats the pattern."""

_SPECIAL: dict[int, Row] = {
    3: {"state": 6, "clean_state": False},
    7: {"state": 2, "tire_type": 4},
    11: {"state": 5, "last_inspection": None},
    14: {"clean_state": False, "tank_state": True, "engine_power": None},
    17: {"state": 4, "monthly_deposit": 900},
    20: {"active": False, "state": 5, "mileage": 0},
    22: {"state": 2, "clean_state": False},
    23: {"state": 3, "vin": None},
}
"""What is odd about a car, by its number in the fleet."""

_TEMPLATE: Row = {
    "id": 0, "company_id": 0, "main_company_id": PARENT_COMPANY_ID, "car_name": "", "code": "", "number": "", "vin": "",
    "body_number": "", "pts": "null", "registration_certificate": "", "year": 2018, "color": "White",
    "transmission": "Автомат", "fuel": "Бензин 95", "car_class": "Средний", "car_type": "Кроссовер",
    "drive_unit": "Полный", "steering_side": "Левая", "engine_capacity": "2.5", "engine_power": "256",
    "tank_value": 60, "gas_mileage": 7.4, "number_doors": 4, "number_seats": 5, "tire_type": 2, "tire_size": "null",
    "state": 1, "active": True, "clean_state": True, "tank_state": False, "mileage": 0, "start_mileage": 0,
    "last_inspection": "2025-04-30", "deposit": 270, "hourly_deposit": 270, "monthly_deposit": None, "price_hour": 22,
    "age_limit": 21, "driver_year_limit": 1, "franchise": 550, "max_fine": 30, "repair_cost": 300,
    "investor_id": None, "purchase_price": None, "purchase_date": None, "store_place": None,
    "extra_mileage_km": None, "extra_mileage_price": None, "is_air": True, "climate_control": False,
    "parktronic": True, "parktronic_back": True, "parktronic_camera": True, "heated_seats": False,
    "heated_seats_front": False, "heated_windshield": False, "audio_system": True, "video_system": False,
    "tv_system": False, "cd_system": False, "usb_system": True, "rain_sensor": False, "wheel_adjustment": True,
    "wheel_adjustment_full": False, "folding_seats": True, "is_electropackage": True, "abs": True, "ebd": True,
    "esp": True, "oil_engine": None, "oil_engine_km": None, "oil_engine_date": None, "custom_field_1": None,
    "custom_field_2": None, "custom_field_3": None, "avatar_url": "https://example.invalid/car.jpg",
}  # fmt: skip


def fleet(size: int, dice: Random) -> Iterator[Row]:
    for number in range(size):
        yield _car(number, dice)


def new_car(car_id: int, branch: Branch, fields: Row) -> Row:
    """A car entered by hand: the template with what was typed in."""
    code = f"New {car_id}"
    return {**_TEMPLATE, "id": car_id, "company_id": branch.company_id, "car_name": "Test Car", "code": code, **fields}


def prices_of(car: Row, number: int, dice: Random) -> Iterator[Row]:
    """One price a season. Summer of every fifth car and all of the ninth have only zeroes: no price, not free."""
    base = car["deposit"] * 0.4 if number % 4 else car["deposit"] // 3
    for place, season in enumerate(SEASONS):
        has_price = number != 9 and not (number % 5 == 0 and place == 2)
        raised = base * (1 + 0.15 * place) + dice.randrange(4)
        values = [round(raised * (1 - 0.07 * bucket)) if has_price else 0 for bucket in range(len(PRICE_PERIODS))]
        yield {
            "id": FIRST_PRICE_ID + number * len(SEASONS) + place,
            "car_id": car["id"],
            "season_id": season["id"],
            "values": values,
        }


def _car(number: int, dice: Random) -> Row:
    name, kind, car_class, power, deposit, fuel, consumption = _MODELS[number % len(_MODELS)]
    letters = f"{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}"
    plate = f"{letters}-{number % 1000:03}-{letters}" if number % 6 == 2 else f"{letters}{number % 1000:03}{letters}"
    return {
        **_TEMPLATE,
        "id": FIRST_CAR_ID + number,
        "company_id": _HOMES[number % len(_HOMES)].company_id,
        "car_name": name,
        "code": f"{name.split()[-1]} {number + 1:03}",
        "number": plate,
        "vin": f"SANDBOXVIN{number:07}",
        "registration_certificate": f"CVA{number:07}",
        "year": 2014 + number % 10,
        "color": _COLORS[number % len(_COLORS)],
        "fuel": fuel,
        "car_class": car_class,
        "car_type": kind,
        "engine_power": str(power),
        "gas_mileage": consumption,
        "tire_type": 1 + number % 3,
        "mileage": 40_000 + dice.randrange(120_000),
        "deposit": deposit + 150,
        "hourly_deposit": deposit + 150,
        "investor_id": 750 + number if number % 7 == 0 else None,
        "last_inspection": f"2025-{1 + number % 12:02}-{1 + number % 28:02}",
        **_SPECIAL.get(number, {}),
    }
