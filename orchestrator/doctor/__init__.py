"""The doctor: looks at everything an installation needs, changes nothing, and says for each what mends it."""

from orchestrator.doctor.diagnosis import Diagnosis
from orchestrator.doctor.examination import examine
from orchestrator.doctor.given import Given, given_settings

__all__ = ["Diagnosis", "Given", "examine", "given_settings"]
