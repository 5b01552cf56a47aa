"""Roles, what needs two people, and what approvals pass through, as data."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a person is at the hotline."""

    ANALYST = "analyst"
    SENIOR = "senior_analyst"
    MANAGER = "manager"
    WELFARE = "welfare_lead"
    LISTS = "list_manager"
    OPERATOR = "operator"
    AUDITOR = "auditor"


ROLE_NAMES = {
    Role.ANALYST: "Analyst",
    Role.SENIOR: "Senior analyst",
    Role.MANAGER: "Manager",
    Role.WELFARE: "Welfare lead",
    Role.LISTS: "List manager",
    Role.OPERATOR: "Operator",
    Role.AUDITOR: "Auditor",
}


class Permission(StrEnum):
    """What a role may do. Which route asks for which permission stands in ``config/access.py``."""

    READ_NUMBERS = "read the numbers"
    READ_CONTACTS = "read the contact directory"
    ASSESS = "sort, look at and assess pictures"
    READ_REPORTS = "read reports and removals"
    READ_COLLECTIONS = "see how far found collections are, without what they show"
    TYPE_IN = "type in reports"
    ASK_REPORTERS = "ask a reporter a question"
    SORT_QUARANTINE = "release reports from quarantine or set them aside"
    HANDLE_LISTS = "draft and publish releases of the hash list"
    REFER = "draft and build referrals"
    APPROVE = "give the second of two signatures, confirm what was asked by a command"
    KEEP_REMOVALS = "decide on contacts of providers, police holds, complaints and handovers abroad"
    PUBLISH_NUMBERS = "publish figures"
    READ_PEOPLE = "see who works here, with vetting and training"
    MANAGE_PEOPLE = "invite people, change roles, record vetting and training"
    KEEP_CONTACTS = "keep the contact directory"
    KEEP_PARTNERS = "see and add who reports by the API, ask for their keys and revoke them"
    KEEP_EVIDENCE = "ask for work on keys and for purges"
    KEEP_SWEEPS = "add, begin and end sweeps, and see what they bring"
    READ_ALERTS = "see and answer alerts of unusual looking"
    KEEP_ROTA = "say who is on call"
    ANSWER_COMPLAINTS = "answer complaints, and look after flags for victim identification"
    APPOINT = "name who settles a disagreement when nobody else is left"
    READ_MANAGEMENT = "see load, age of queues and how work goes, of nobody alone"
    READ_EXPOSURE = "see one person's exposure, with that person's consent"
    READ_MEDIANS = "see the medians of a team's exposure, and of nobody alone"
    FORECAST = "make forecasts, and read them"
    READ_HEALTH = "see how well this installation is locked in"


_EVERYBODY = frozenset({Permission.READ_NUMBERS, Permission.READ_CONTACTS})
_REPORTS = frozenset(
    {
        Permission.READ_REPORTS,
        Permission.READ_COLLECTIONS,
        Permission.TYPE_IN,
        Permission.ASK_REPORTERS,
        Permission.SORT_QUARANTINE,
    }
)
_LEADING = frozenset({Permission.KEEP_ROTA, Permission.ANSWER_COMPLAINTS, Permission.READ_MANAGEMENT})
# Who gives the second of two signatures stands in TWO_PEOPLE below, and the permission to come to its page follows.
_HELD: dict[Role, frozenset[Permission]] = {
    Role.ANALYST: _EVERYBODY | _REPORTS | {Permission.ASSESS},
    Role.SENIOR: _EVERYBODY
    | _REPORTS
    | {
        Permission.ASSESS,
        Permission.KEEP_EVIDENCE,
        Permission.KEEP_SWEEPS,
        Permission.HANDLE_LISTS,
        Permission.REFER,
        Permission.KEEP_REMOVALS,
        Permission.PUBLISH_NUMBERS,
        *_LEADING,
    },
    Role.MANAGER: _EVERYBODY
    | _REPORTS
    | {
        Permission.HANDLE_LISTS,
        Permission.REFER,
        Permission.KEEP_REMOVALS,
        Permission.PUBLISH_NUMBERS,
        *_LEADING,
        Permission.READ_PEOPLE,
        Permission.READ_MEDIANS,
        Permission.MANAGE_PEOPLE,
        Permission.APPOINT,
        Permission.KEEP_CONTACTS,
        Permission.KEEP_PARTNERS,
        Permission.KEEP_EVIDENCE,
        Permission.KEEP_SWEEPS,
        Permission.FORECAST,
        Permission.READ_HEALTH,
    },
    Role.WELFARE: _EVERYBODY
    | {Permission.READ_PEOPLE, Permission.KEEP_CONTACTS, Permission.READ_EXPOSURE, Permission.READ_MEDIANS},
    Role.LISTS: _EVERYBODY | {Permission.HANDLE_LISTS},
    Role.OPERATOR: _EVERYBODY
    | {
        Permission.READ_COLLECTIONS,
        Permission.KEEP_EVIDENCE,
        Permission.KEEP_PARTNERS,
        Permission.KEEP_SWEEPS,
        Permission.READ_HEALTH,
    },
    Role.AUDITOR: _EVERYBODY | {Permission.READ_PEOPLE, Permission.READ_ALERTS, Permission.READ_HEALTH},
}


def _holding(permission: Permission) -> frozenset[Role]:
    return frozenset(role for role, held in _HELD.items() if permission in held)


class Purpose(StrEnum):
    """What needs two people."""

    RELEASE = "release"
    REFERRAL = "referral"
    PURGE = "purge"
    ROLE = "role"
    KEY = "key_work"
    DAMAGE = "damage"
    SWEEP = "sweep"
    PARTNER_KEY = "partner_key"
    MEMBER = "member"
    ROUTINE = "routine"
    ENDING = "ending"


@dataclass(frozen=True)
class TwoPeople:
    """What pages call it, what it is in a sentence ("this …"), who may ask, and who may be the second to sign.

    ``dated``: vetting and training of who asks, signs and carries it out have to be in date: what touches evidence
    or leaves the hotline. What keeps the installation safe (who comes in, keys, its log) waits for no date.
    """

    words: str
    thing: str
    asks: frozenset[Role]
    approves: frozenset[Role]
    dated: bool = True


_SENIORS = frozenset({Role.SENIOR, Role.MANAGER})
_KEEPERS = frozenset({Role.MANAGER, Role.OPERATOR})
_WATCHERS = _KEEPERS | {Role.AUDITOR}
_SWEEPING = _holding(Permission.KEEP_SWEEPS)
_LISTING, _KEEPING = _holding(Permission.HANDLE_LISTS), _holding(Permission.KEEP_EVIDENCE)

TWO_PEOPLE = {
    Purpose.RELEASE: TwoPeople("Release of the hash list", "release", _LISTING, _LISTING),
    Purpose.REFERRAL: TwoPeople("Referral to police", "referral", _SENIORS | {Role.ANALYST}, _SENIORS),
    Purpose.PURGE: TwoPeople("Destruction of evidence", "purge", _KEEPING, _SENIORS),
    Purpose.ENDING: TwoPeople("End of records", "end of records", _KEEPING, _SENIORS),
    Purpose.ROLE: TwoPeople(
        "Role of a person", "grant of a role", _holding(Permission.MANAGE_PEOPLE), _KEEPERS, dated=False
    ),
    Purpose.KEY: TwoPeople("Work on keys", "work on keys", _KEEPING, _KEEPERS, dated=False),
    Purpose.SWEEP: TwoPeople("Sweep of a list of addresses", "sweep", _SWEEPING, _KEEPERS),
    Purpose.PARTNER_KEY: TwoPeople(
        "Key of a partner", "key of a partner", _holding(Permission.KEEP_PARTNERS), _KEEPERS, dated=False
    ),
    Purpose.MEMBER: TwoPeople("Member of the hash list", "member", _LISTING, frozenset({Role.MANAGER})),
    Purpose.ROUTINE: TwoPeople("Releases of a list by the clock", "routine", _LISTING, _LISTING),
    Purpose.DAMAGE: TwoPeople("Known fault of the log", "acknowledgement", _WATCHERS, _KEEPERS, dated=False),
}


def purposes_of(role: Role) -> frozenset[Purpose]:
    """Return what somebody of this role may be the second to sign."""
    return frozenset(purpose for purpose, two in TWO_PEOPLE.items() if role in two.approves)


# Faults of the log are acknowledged by a command alone, and what was asked by a command is confirmed on the same page.
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    role: held | ({Permission.APPROVE} if purposes_of(role) or role in _WATCHERS else frozenset())
    for role, held in _HELD.items()
}


def holders(permission: Permission) -> frozenset[Role]:
    """Return the roles that have a permission."""
    return frozenset(role for role, held in PERMISSIONS.items() if permission in held)


ASSESSORS = holders(Permission.ASSESS)
DATED = (
    ASSESSORS
    | holders(Permission.READ_REPORTS)
    | frozenset(role for two in TWO_PEOPLE.values() if two.dated for role in two.asks | two.approves)
)
"""The roles that do what takes vetting and training in date."""


# Who is tried after whom out of hours, how long one is given to answer, and how long a turn on the rota lasts at most.
STEPS_ON_CALL = (1, 2, 3)
ANSWERS_WITHIN = timedelta(minutes=15)
LONGEST_ON_CALL = timedelta(days=7)


class PersonState(StrEnum):
    """Whether a person may sign in. Forgotten: they left, their time is over, and they are a number."""

    INVITED = "invited"
    WORKING = "working"
    DISABLED = "disabled"
    FORGOTTEN = "forgotten"


PERSON_TRANSITIONS = {
    PersonState.INVITED: {
        "join": PersonState.WORKING,
        "invite_again": PersonState.INVITED,
        "disable_person": PersonState.DISABLED,
    },
    PersonState.WORKING: {"invite_again": PersonState.INVITED, "disable_person": PersonState.DISABLED},
    PersonState.DISABLED: {"invite_again": PersonState.INVITED, "end_records": PersonState.FORGOTTEN},
    PersonState.FORGOTTEN: {},
}


class ApprovalState(StrEnum):
    """Where an approval stands. Used is for ever: what two people signed is carried out once.

    Typed is asked for in somebody's name at the command line, where nobody proves who they are: it waits until that
    person says at the desk that it was them.
    """

    TYPED = "typed"
    ASKED = "asked"
    APPROVED = "approved"
    USED = "used"
    VOID = "void"


TRANSITIONS = {
    ApprovalState.TYPED: {"confirm": ApprovalState.ASKED, "void": ApprovalState.VOID},
    ApprovalState.ASKED: {"approve": ApprovalState.APPROVED, "void": ApprovalState.VOID},
    ApprovalState.APPROVED: {"use": ApprovalState.USED, "void": ApprovalState.VOID},
    ApprovalState.USED: {},
    ApprovalState.VOID: {},
}
UNSIGNED = frozenset({ApprovalState.TYPED, ApprovalState.ASKED})
CONFIRM_FIRST = "Who asked confirms it at the desk, under Approvals; then a second person approves it there."
LIVE = frozenset({ApprovalState.TYPED, ApprovalState.ASKED, ApprovalState.APPROVED})
