"""The four branches of the invented company, with the credentials that the RentProg twin accepts."""

from dataclasses import dataclass

PARENT_COMPANY_ID = 1000
"""Stands on objects as ``main_company_id``; it is never a branch."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch: RentProg chooses it by the token, Jarvis by the URL of the hook."""

    code: str
    company_id: int
    title: str
    city: str
    office: str
    company_token: str
    hook_secret: str


def _branch(code: str, company_id: int, title: str, city: str, office: str) -> Branch:
    return Branch(code, company_id, title, city, office, f"sandbox-company-{code}", f"sandbox-hook-{code}")


TBILISI = _branch("tbilisi", 1001, "Tbilisi", "Tbilisi", "Tbilisi Office, Example St 1")
KUTAISI = _branch("kutaisi", 1002, "Kutaisi", "Kutaisi", "Kutaisi Office, Example St 3")
BATUMI = _branch("batumi", 1003, "Batumi", "Batumi", "Batumi Office, Example St 2")
SERVICE_CENTER = _branch("service-center", 1004, "Service Center", "Tbilisi", "Workshop, Example Highway 12")

BRANCHES = (TBILISI, KUTAISI, BATUMI, SERVICE_CENTER)
BY_COMPANY_ID = {branch.company_id: branch for branch in BRANCHES}
BY_CODE = {branch.code: branch for branch in BRANCHES}
