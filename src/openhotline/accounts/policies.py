"""May this person: free of database, HTTP and clock."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from openhotline.accounts.errors import ApprovalVoid, AuthorityMissing, KeysClash, NeedsTwoPeople, NotApproved
from openhotline.accounts.models import Approval, Authority, Person
from openhotline.accounts.models.invitation import COMMAND_LINE
from openhotline.accounts.states import (
    ANSWERS_WITHIN,
    ASSESSORS,
    LIVE,
    LONGEST_ON_CALL,
    PERSON_TRANSITIONS,
    ROLE_NAMES,
    STEPS_ON_CALL,
    TWO_PEOPLE,
    ApprovalState,
    Permission,
    PersonState,
    Purpose,
    Role,
    purposes_of,
)
from openhotline.core.errors import NotAllowed, NotNow


def check_can_assess(person: Person, now: datetime) -> None:
    """Raise NotAllowed unless the person's role assesses, and vetting and training are both in date."""
    if Role(person.role) not in ASSESSORS:
        raise NotAllowed(f"A {person.role_name.lower()} does not assess; analysts and senior analysts do.")
    check_in_date(person, now, "Assessing")


def check_in_date(person: Person, now: datetime, doing: str) -> None:
    """Raise NotAllowed unless vetting and training are both in date; ``doing`` begins the sentence."""
    if is_in_date(person, now):
        return
    dates = (("vetting", person.vetted_until), ("training", person.trained_until))
    missing = " ".join(_lapsed(what, until) for what, until in dates if until is None or until < now.date())
    raise NotAllowed(
        f"{doing} needs vetting and training that are in date. {missing} Ask your manager, who records the new date."
    )


def is_in_date(person: Person, now: datetime) -> bool:
    """Say whether the person's vetting and training are both recorded and in date."""
    day = now.date()
    return all(until is not None and until >= day for until in (person.vetted_until, person.trained_until))


def check_may_ask_for(purpose: Purpose, person: Person, now: datetime) -> None:
    """Raise NotAllowed when such a thing takes vetting and training, and the person's are not in date."""
    if TWO_PEOPLE[purpose].dated:
        check_in_date(person, now, f"Asking for this {TWO_PEOPLE[purpose].thing}")


def check_may_carry_out(purpose: Purpose, person: Person, now: datetime) -> None:
    """Raise NotAllowed when such a thing takes vetting and training, and the doer's are not in date."""
    if TWO_PEOPLE[purpose].dated:
        check_in_date(person, now, f"Carrying out this {TWO_PEOPLE[purpose].thing}")


def _lapsed(what: str, until: date | None) -> str:
    if until is None:
        return f"No {what} is recorded for you."
    return f"Your {what} ran out on {until.day} {until:%B %Y}."


def name_of(actor: Person | None) -> str:
    """Return how the log names who acts: a person by outside id; ``None`` is whoever has the command line."""
    return actor.public_id if actor else COMMAND_LINE


def check_can_invite(actor: Person | None) -> None:
    """Raise NotAllowed unless this is a manager or the command line."""
    if actor is not None and not actor.may(Permission.MANAGE_PEOPLE):
        raise NotAllowed(f"A {actor.role_name.lower()} does not invite people; a manager does.")


def check_keeps_contacts(actor: Person) -> None:
    """Raise NotAllowed unless the person's role keeps the contact directory."""
    if not actor.may(Permission.KEEP_CONTACTS):
        raise NotAllowed(f"A {actor.role_name.lower()} does not change the directory; a manager or welfare lead does.")


def check_can_change(actor: Person | None, person: Person) -> None:
    """Raise NotAllowed when somebody would change their own role, state or dates. ``None``: the command line."""
    if actor is None:
        return
    if not actor.may(Permission.MANAGE_PEOPLE):
        raise NotAllowed(f"A {actor.role_name.lower()} does not change who works here; a manager does.")
    if actor.pk == person.pk:
        raise NotAllowed("Nobody changes their own role, state or dates. Ask another manager or the operator.")


def check_other_role(person: Person, role: Role) -> None:
    """Raise NotNow when the person has this role already."""
    if person.role == role:
        raise NotNow(f"{person.name} is {person.role_name.lower()} already. Choose another role.")


def check_move(person: Person, operation: str) -> PersonState:
    """Return the state that an operation leads to. Raises NotNow when it does not fit the present one."""
    moves = PERSON_TRANSITIONS[PersonState(person.state)]
    if operation not in moves:
        raise NotNow(f"This person is {person.state}, so this cannot be done: {operation.replace('_', ' ')}.")
    return moves[operation]


def check_can_approve(approval: Approval, person: Person, manifest_sha256: str, now: datetime) -> None:
    """Raise unless this person may be the second to sign this approval of exactly this manifest now."""
    if not may_approve(person, Purpose(approval.purpose)):
        raise NotAllowed(f"A {person.role_name.lower()} does not approve this; {_approvers(approval.purpose)} does.")
    if TWO_PEOPLE[Purpose(approval.purpose)].dated:
        check_in_date(person, now, "Approving this")
    if approval.state == ApprovalState.TYPED:
        raise NeedsTwoPeople("Who is said to have asked has not confirmed it yet. They do so under Approvals.")
    if approval.state != ApprovalState.ASKED or now >= approval.expires_at:
        raise ApprovalVoid("This approval was used, withdrawn or has expired; ask for it again.")
    if approval.manifest_sha256 != manifest_sha256:
        raise ApprovalVoid("What is to be approved has changed since it was asked for; ask for it again.")
    if approval.asked_by == person.public_id:
        raise NeedsTwoPeople("You asked for this approval; another person has to give it.")
    if approval.subject == person.public_id:
        raise NeedsTwoPeople("This is about you; another person has to approve it.")


def check_can_confirm(approval: Approval, person: Person, manifest_sha256: str, now: datetime) -> None:
    """Raise unless this person was named as who asked, at the command line, for exactly this."""
    if approval.asked_by != person.public_id:
        raise NotAllowed("Only the person who is said to have asked for this confirms it.")
    if approval.state != ApprovalState.TYPED or now >= approval.expires_at:
        raise ApprovalVoid("This was confirmed, withdrawn or has expired; load the page again.")
    if approval.manifest_sha256 != manifest_sha256:
        raise ApprovalVoid("What was asked for has changed since you saw it; load the page again.")


def check_covers(authority: Authority | None, now: datetime) -> Authority:
    """Return the authority if it is in force now. Raises AuthorityMissing."""
    in_time = authority is not None and authority.valid_from <= now < authority.expires_at
    if authority is None or not in_time or authority.ended_at is not None:
        raise AuthorityMissing(
            "Nothing may be fetched: no recorded authority is in force. An operator records one "
            "(scope, jurisdiction, who approved it, until when)."
        )
    return authority


def may_approve(person: Person, purpose: Purpose) -> bool:
    """Say whether this person may be the second to sign such a thing."""
    return person.is_active and purpose in purposes_of(Role(person.role))


def check_may_withdraw(approval: Approval, person: Person) -> None:
    """Raise unless the approval still stands, is not about this person, and is one they asked for or may approve."""
    if approval.state not in LIVE:
        raise ApprovalVoid("This approval was used or withdrawn already; nothing is left to withdraw.")
    if approval.asked_by != person.public_id and not may_approve(person, Purpose(approval.purpose)):
        raise NotAllowed(f"Only who asked for this, or {_approvers(approval.purpose)}, withdraws it.")
    if approval.subject == person.public_id:
        raise NotAllowed("This is about you; another person decides it.")


def check_approved(approval: Approval | None, purpose: Purpose, manifest_sha256: str, now: datetime) -> None:
    """Raise NotApproved unless two different people signed exactly this manifest, and the approval still holds."""
    thing = TWO_PEOPLE[purpose].thing
    if approval is not None and approval.state == ApprovalState.TYPED:
        raise NotApproved(f"Who asked for this {thing} has not confirmed it at the desk, under Approvals.")
    if approval is None or approval.state not in {ApprovalState.APPROVED, ApprovalState.USED}:
        raise NotApproved(f"A second person has not approved this {thing} yet. Ask {_approvers(purpose)}.")
    if approval.state == ApprovalState.USED:
        raise NotApproved(f"The approval of this {thing} was used already. What was approved is carried out once.")
    if approval.approved_by == approval.asked_by or not approval.approved_by:
        raise NotApproved(f"One person asked for and approved this {thing}; two different people are needed.")
    if approval.manifest_sha256 != manifest_sha256:
        raise NotApproved(f"What was approved is not this {thing}. Draft it again and have it approved.")
    if now >= approval.expires_at:
        raise NotApproved(f"The approval has expired. Draft the {thing} again and have it approved.")


def check_signers(approval: Approval, people: Mapping[str, Person]) -> None:
    """Raise NotApproved unless who asked and who approved still work here and may; ``people`` by outside id."""
    asked, approved = people.get(approval.asked_by), people.get(approval.approved_by or "")
    if asked is None or not asked.is_active:
        raise NotApproved("Who asked for this no longer works here. Somebody else has to ask for it again.")
    if Role(asked.role) not in TWO_PEOPLE[Purpose(approval.purpose)].asks:
        raise NotApproved("Who asked for this may no longer ask. Somebody else has to ask for it again.")
    if approved is None or not may_approve(approved, Purpose(approval.purpose)):
        raise NotApproved("Who approved this may no longer approve. Withdraw the approval and ask for it again.")


def check_signers_in_date(approval: Approval, people: Iterable[Person], now: datetime) -> None:
    """Raise NotApproved where such a thing takes vetting and training, and a signer's ran out since they signed."""
    lapsed = [person for person in people if not is_in_date(person, now)]
    if TWO_PEOPLE[Purpose(approval.purpose)].dated and lapsed:
        raise NotApproved(
            f"The vetting or training of {lapsed[0].name}, who signed this, is not in date. Have the new date "
            "recorded, or withdraw the approval and ask for it again."
        )


def _approvers(purpose: str) -> str:
    """Return who may approve, for a sentence: "a manager or a senior analyst"."""
    names = sorted(ROLE_NAMES[role].lower() for role in TWO_PEOPLE[Purpose(purpose)].approves)
    return " or ".join(f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in names)


def check_keys(chosen: Mapping[str, str], offered: Collection[str]) -> dict[str, str]:
    """Return what differs of the chosen keys (the new one, by the one offered). Raises KeysClash.

    A key is one character that can be typed; no two things have the same, also not by one that was left as it is.
    """
    unknown = sorted(set(chosen) - set(offered))
    if unknown:
        raise KeysClash(f"The desk has no key {unknown[0]!r} that could be changed. Load the page again.")
    whole: dict[str, str] = {}
    for key in offered:
        mine = chosen.get(key, key)
        if len(mine) != 1 or not mine.isprintable():
            raise KeysClash(f"{mine!r} is no key. Type one character, such as e or 5, for {key!r}.")
        if mine in whole:
            raise KeysClash(f"{mine!r} would do two things: what {whole[mine]!r} and what {key!r} do. Choose another.")
        whole[mine] = key
    return {key: mine for key, mine in chosen.items() if mine != key}


def check_keeps_rota(actor: Person) -> None:
    """Raise NotAllowed unless the person's role keeps the rota."""
    if not actor.may(Permission.KEEP_ROTA):
        raise NotAllowed(f"A {actor.role_name.lower()} does not change the rota; a manager or senior analyst does.")


def call_due(step: int, *, since: Iterable[datetime], called_at: datetime | None, now: datetime) -> bool:
    """Say whether the turn of a step has come for one of the matters that wait since then, and was not told yet.

    What is new meanwhile is told too, but nobody is told more often than once in the time they have to answer.
    """
    if called_at is not None and now < called_at + ANSWERS_WITHIN:
        return False
    turns = (one + (step - 1) * ANSWERS_WITHIN for one in since)
    return any(turn <= now and (called_at is None or called_at < turn) for turn in turns)


def check_on_call(person: Person, step: int, span: tuple[datetime, datetime], *, taken: bool, now: datetime) -> None:
    """Raise NotNow unless a person can be on call then. ``taken``: they are on the rota at that time already."""
    begins, ends = span
    if not person.is_active:
        raise NotNow(f"{person.name} does not work here now. Choose somebody who does.")
    if step not in STEPS_ON_CALL:
        raise NotNow(f"Step {step} is none. 1 is tried first, then 2, then 3.")
    if not begins < ends <= begins + LONGEST_ON_CALL or ends <= now:
        raise NotNow("A turn on call ends later than it begins, later than now, and lasts a week at most.")
    if taken:
        raise NotNow(f"{person.name} is on call at that time already. Take that turn off first.")
