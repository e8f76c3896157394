"""Write a decision down with its audit row, and tell everybody whom it concerns."""

from datetime import datetime

from agents.access.agent import Handled, moment_of
from agents.access.ask import ask_key
from agents.access.decide import Verdict, judge_access, judge_role
from agents.spec import Outcome
from core.commands import EditMessage, NewCommand, Priority, SendMessage, Text, chat_destination
from core.events import AccessDecided, AccessRequested, Event, RoleDecided, StaffLinked
from core.roles import Role
from db.queries import audit, effects, fleet_views, people, staff
from db.queries.people import AccessRequest, Person
from db.session import Tx


async def save(tx: Tx, event: Event[Handled], outcome: Outcome) -> Outcome:
    match event.body:
        case AccessRequested():
            return outcome
        case AccessDecided():
            return await _decide_access(tx, event, event.body, moment_of(outcome.changes))
        case RoleDecided():
            return await _decide_role(tx, event, event.body, moment_of(outcome.changes))
        case StaffLinked():
            return await _link(tx, event, event.body, moment_of(outcome.changes))


async def _decide_access(tx: Tx, event: Event[Handled], body: AccessDecided, now: datetime) -> Outcome:
    decider = await people.by_trust(tx, event.trust)
    request = await people.access_request(tx, body.tg_user_id)
    role = None if body.role is None else Role(body.role)
    verdict = judge_access(decider, request, role, body.branch)
    if decider is None or request is None or verdict is Verdict.NOT_YOURS:
        await _audit(tx, event, "access.not_allowed", now, role=body.role, branch=body.branch)
        return Outcome(commands=_to_decider(event, decider, Text(key="access-not-yours-to-decide")), note="not allowed")
    if verdict is Verdict.ALREADY:
        text = Text(key="access-already-decided", args={"name": request.name, "by": await _name(tx, request)})
        return Outcome(commands=_to_decider(event, decider, text), note="decided before")
    if role is not None:
        await people.admit(tx, request, role=role, branch=body.branch, approved_by=decider.trust, now=now)
    await people.close_request(tx, request.tg_user_id, is_approved=role is not None, decided_by=decider.trust, now=now)
    action = "access.refused" if role is None else "access.approved"
    await _audit(tx, event, action, now, role=body.role, branch=body.branch)
    branch_name = (await fleet_views.branch_names(tx)).get(body.branch, "—")
    asker = _to_asker(event, request, role, branch_name)
    edits = await _edits(tx, event, request, decider, _result(request, decider, role, branch_name))
    return Outcome(commands=(asker, *edits), note=action)


def _result(request: AccessRequest, decider: Person, role: Role | None, branch_name: str) -> Text:
    if role is None:
        return Text(key="access-was-refused", args={"name": request.name, "by": decider.name})
    return Text(
        key="access-was-approved",
        args={"name": request.name, "role": str(role), "branch": branch_name, "by": decider.name},
    )


def _to_asker(event: Event[Handled], request: AccessRequest, role: Role | None, branch_name: str) -> NewCommand:
    text = Text(key="access-refused")
    if role is not None:
        managers = (Text(key="help-managers"),) if role.is_at_least(Role.BRANCH_HEAD) else ()
        text = Text(
            key="access-welcome",
            args={"role": str(role), "branch": branch_name},
            parts=(Text(key="help-clients"), Text(key="help-everybody"), *managers),
        )
    return _message(request.tg_user_id, text, request.language, f"access-told:{event.id}")


async def _edits(
    tx: Tx, event: Event[Handled], request: AccessRequest, decider: Person, result: Text
) -> tuple[NewCommand, ...]:
    """Every manager who was asked reads who decided; a question that was not sent yet is not sent at all."""
    asked = {ask_key(request, person): person for person in await people.deciders(tx)}
    await effects.withdraw(tx, list(asked), reason=f"decided by {decider.trust}")
    sent = await effects.sent_messages(tx, list(asked))
    return tuple(
        NewCommand(
            body=EditMessage(
                chat_id=asked[key].tg_user_id, message_id=message_id, text=result, language=asked[key].language
            ),
            destination=chat_destination(asked[key].tg_user_id),
            effect_key=f"access-edit:{event.id}:{asked[key].tg_user_id}",
            priority=Priority.LINE,
        )
        for key, message_id in sorted(sent.items())
    )


async def _decide_role(tx: Tx, event: Event[Handled], body: RoleDecided, now: datetime) -> Outcome:
    decider = await people.by_trust(tx, event.trust)
    person = await people.by_id(tx, body.person_id)
    role = None if body.role is None else Role(body.role)
    verdict = judge_role(decider, person, role)
    if decider is None or person is None or verdict is Verdict.NOT_YOURS:
        await _audit(tx, event, "role.not_allowed", now, role=body.role)
        return Outcome(commands=_to_decider(event, decider, Text(key="access-not-yours-to-decide")), note="not allowed")
    if verdict is Verdict.ALREADY:
        return Outcome(note="nothing to change")
    if role is None:
        await people.dismiss(tx, person, decided_by=decider.trust, now=now)
        told, done = Text(key="role-ended"), Text(key="people-role-ended", args={"name": person.name})
    else:
        await people.set_role(tx, person, role)
        told = Text(key="role-changed", args={"role": str(role)})
        done = Text(key="people-role-set", args={"name": person.name, "role": str(role)})
    await _audit(tx, event, "role.ended" if role is None else "role.changed", now, role=body.role, was=str(person.role))
    to_person = _message(person.tg_user_id, told, person.language, f"role-told:{event.id}")
    return Outcome(commands=(to_person, *_to_decider(event, decider, done)), note="done")


async def _link(tx: Tx, event: Event[Handled], body: StaffLinked, now: datetime) -> Outcome:
    """A number belongs to one person and a person has one number in a branch; whoever is linked stays linked."""
    person = await people.by_trust(tx, event.trust)
    if person is None or person.id != body.person_id:
        return Outcome(note="not allowed")
    linked = await staff.link(tx, body.branch, body.rentprog_id, person.id)
    if linked.is_new:
        await _audit(tx, event, "staff.linked", now, branch=body.branch, number=str(body.rentprog_id))
    text = Text(key=f"link-{linked.verdict}", args={"number": str(body.rentprog_id), "name": linked.name or "—"})
    return Outcome(commands=_to_decider(event, person, text), note=linked.verdict)


async def _audit(tx: Tx, event: Event[Handled], action: str, now: datetime, **details: str | None) -> None:
    await audit.append(
        tx,
        actor=event.trust,
        action=action,
        subject=event.subject,
        at=now,
        details={**details, "event": event.id},
    )


def _to_decider(event: Event[Handled], decider: Person | None, text: Text) -> tuple[NewCommand, ...]:
    if decider is None:
        return ()
    return (_message(decider.tg_user_id, text, decider.language, f"access-answer:{event.id}"),)


def _message(chat_id: int, text: Text, language: str, effect_key: str) -> NewCommand:
    return NewCommand(
        body=SendMessage(chat_id=chat_id, text=text, language=language),
        destination=chat_destination(chat_id),
        effect_key=effect_key,
        priority=Priority.ANSWER,
    )


async def _name(tx: Tx, request: AccessRequest) -> str:
    decided_by = await people.by_trust(tx, request.decided_by or "")
    return "—" if decided_by is None else decided_by.name
