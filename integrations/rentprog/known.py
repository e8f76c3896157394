"""Wire names that are known but have no column of ours: they stay in ``raw`` and are not reported as something new."""

from collections.abc import Iterable, Mapping

from core.events import Entity
from integrations.rentprog.fields import TABLES

SERVICE = frozenset({"created_from_api", "updated_from_api", "user_id", "branch_name", "main_company_id"})
"""Scalars about the change itself. ``branch_name`` is not to be trusted: the branch comes from ids."""

NATURAL_LISTS = frozenset(
    {
        "values",
        "prices",
        "price_periods",
        "seasons",
        "bookings",
        "maintenances",
        "currency_accounts",
        "counts",
        "car_ids",
    }
)
"""Fields that are lists by nature; two elements do not make them a diff (failure G28)."""

_BOOKING = """
add_drivers_cost additional_hours agent_id aggr_commission apply_current_prices booking_mileage booster
boosters_quantity car_code car_name car_state chair chair_less_1_year chairs_quantity charger clean_end clean_payment
clean_start client_category client_debtor client_decline damage decision_date end_date_formatted entity entity_name
equipment failure fast_booking fine gas gas_end_full gas_start_full grm grm_km hourly hourly_deposit hourly_hours
hours_cost hours_cost_end insurance kasko manual_editing mileage_cost monthly monthly_deposit monthly_months mp3
navigator no_franchise oil_engine oil_engine_km only_manual_editing osago other other_end other_equipment
part_return_deposit payments_period payments_type price_hour price_id price_no_sale rental_cost_sale
rental_cost_sale_cash ride sale sale_cash send_accept_email send_cancel_email send_custom_email source
start_date_formatted state_updater super_kasko theft updater vseprokaty_id wifi_router
"""
_CAR = """
abs age_limit audio_system avatar_url body_number car_type cd_system climate_control custom_field_1
custom_field_2 custom_field_3 drive_unit driver_year_limit ebd engine_capacity engine_power esp extra_mileage_km
extra_mileage_price folding_seats franchise gas_mileage heated_seats heated_seats_front heated_windshield
hourly_deposit investor_id is_air is_electropackage max_fine monthly_deposit number_doors number_seats parktronic
parktronic_back parktronic_camera price_hour pts purchase_date purchase_price rain_sensor registration_certificate
repair_cost start_mileage steering_side store_place tire_size traccar_id tv_system usb_system video_system
wheel_adjustment wheel_adjustment_full
"""
_CLIENT = "source"

_WITHOUT_COLUMN: Mapping[Entity, frozenset[str]] = {
    "booking": frozenset(_BOOKING.split()),
    "car": frozenset(_CAR.split()),
    "client": frozenset(_CLIENT.split()),
}
_CAR_SERVICE_MARKS = (
    "oil_engine",
    "oil_transmission",
    "grm",
    "antifreeze",
    "brake_fluid",
    "candle",
    "power_steering",
    "akb_renew",
)


def is_known(entity: Entity, wire: str) -> bool:
    """A field of this entity that has no column of ours."""
    if wire in NATURAL_LISTS or wire in _WITHOUT_COLUMN[entity]:
        return True
    return entity == "car" and (wire.startswith(_CAR_SERVICE_MARKS) or "_filter_renew" in wire)


def unknown_keys(entity: Entity, wire_names: Iterable[str]) -> frozenset[str]:
    """Names nobody has seen yet, to be counted and reported."""
    with_column = {field.wire for field in TABLES[entity]}
    return frozenset(
        name for name in wire_names if name not in with_column and name not in SERVICE and not is_known(entity, name)
    )
