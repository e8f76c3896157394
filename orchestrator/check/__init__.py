"""``jarvis check``: whether the promises hold, asked of the data itself (orchestrator/check/oracle.py tells how)."""

from orchestrator.check.assertion import Assertion
from orchestrator.check.limits import Limits, limits_of
from orchestrator.check.oracle import check
from orchestrator.check.witness import Observed, Witness

__all__ = ["Assertion", "Limits", "Observed", "Witness", "check", "limits_of"]
