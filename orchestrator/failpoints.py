"""Named places where a test may stop the process; free when none is armed.

``JARVIS_FAILPOINT=worker.before_commit`` kills the process there (SIGKILL), ``…=worker.before_commit:raise`` raises.
"""

import os
import signal

from core.errors import Temporary

_ARMED = os.environ.get("JARVIS_FAILPOINT", "")


def failpoint(name: str) -> None:
    if _ARMED and _ARMED.partition(":")[0] == name:
        if _ARMED.endswith(":raise"):
            raise Temporary(f"failpoint {name}")
        os.kill(os.getpid(), signal.SIGKILL)
