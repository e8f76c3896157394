"""The deliverer of messages to clients as a process of its own: Telegram's would meet its failpoints first."""

from orchestrator import umnico_role
from orchestrator.cli.session import run, start
from orchestrator.up import one_role


def main() -> None:
    run(one_role(start(), umnico_role.deliver))
