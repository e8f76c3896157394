"""The question to one manager: every role they may give, in every branch where they may give it."""

from collections.abc import Sequence

from core.commands import Button, NewCommand, Priority, SendMessage, Text, chat_destination
from core.events import AccessDecided
from core.roles import Role
from db.queries.fleet_views import BranchView
from db.queries.people import AccessRequest, Person


def ask_key(request: AccessRequest, decider: Person) -> str:
    """Names the message, so that it can be found and edited when somebody has decided."""
    return f"access-ask:{request.tg_user_id}:{request.asked_at.timestamp()}:{decider.tg_user_id}"


def ask(request: AccessRequest, decider: Person, branches: Sequence[BranchView]) -> NewCommand:
    username = f"@{request.username}" if request.username else "—"
    body = SendMessage(
        chat_id=decider.tg_user_id,
        text=Text(
            key="access-request", args={"name": request.name, "username": username, "id": str(request.tg_user_id)}
        ),
        language=decider.language,
        buttons=_choices(request, decider, branches),
    )
    return NewCommand(
        body=body,
        destination=chat_destination(decider.tg_user_id),
        effect_key=ask_key(request, decider),
        priority=Priority.ANSWER,
    )


def _choices(request: AccessRequest, decider: Person, branches: Sequence[BranchView]) -> tuple[tuple[Button, ...], ...]:
    """A row for each branch, one for the roles above the branches, and the refusal."""
    rows = [
        tuple(
            _choice(request, decider, role, branch)
            for role in (Role.EMPLOYEE, Role.BRANCH_HEAD)
            if decider.may_give(role, branch.code)
        )
        for branch in branches
    ]
    rows.append(
        tuple(
            _choice(request, decider, role, None)
            for role in (Role.DIVISION_HEAD, Role.DIRECTOR)
            if decider.may_give(role, None)
        )
    )
    rows.append((_button(request, decider, Text(key="access-refuse"), role=None, branch=None, style="danger"),))
    return tuple(row for row in rows if row)


def _choice(request: AccessRequest, decider: Person, role: Role, branch: BranchView | None) -> Button:
    if branch is None:
        label = Text(key="access-give-above", args={"role": str(role)})
    else:
        label = Text(key="access-give", args={"role": str(role), "branch": branch.name})
    return _button(request, decider, label, role=role, branch=branch and branch.code)


def _button(
    request: AccessRequest,
    decider: Person,
    label: Text,
    *,
    role: Role | None,
    branch: str | None,
    style: str | None = None,
) -> Button:
    decision = AccessDecided(
        tg_user_id=request.tg_user_id,
        name=request.name,
        username=request.username,
        language=request.language,
        role=None if role is None else str(role),
        branch=branch,
    )
    return Button(
        label=label,
        event_kind=AccessDecided.kind,
        event=decision.model_dump(mode="json"),
        subject=f"person:tg:{request.tg_user_id}",
        min_role=str(Role.BRANCH_HEAD),
        only=decider.tg_user_id,
        style=style,
    )
