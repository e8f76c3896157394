"""A sandbox with a company of any size, as a process of its own: ``PORT CARS CLIENTS BOOKINGS``."""

import sys

from sandbox.app import SandboxSettings, create_app
from sandbox.company import big_world
from sandbox.serve import run


def main() -> None:
    port, cars, clients, bookings = (int(argument) for argument in sys.argv[1:5])
    world = big_world(cars, clients, bookings)
    run(create_app(SandboxSettings(), world), "127.0.0.1", port)


if __name__ == "__main__":
    main()
