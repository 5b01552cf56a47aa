"""What the process of each door that strangers talk to may do in the database, as data.

Whoever takes a process over has its login: it reads and does there what stands here, and nothing else. The desk and the
worker do the hotline's whole work and have no table of their own.
"""

from dataclasses import dataclass

ALL = ("*",)
NOTHING: tuple[str, ...] = ()
ID = ("id",)


@dataclass(frozen=True)
class Rights:
    """Which columns of a table may be read and changed, and whether rows may be added and removed; `ALL` is every one.

    A row is added with all its columns, and the number that it got is read back.
    """

    read: tuple[str, ...] = NOTHING
    add: bool = False
    change: tuple[str, ...] = NOTHING


# A statement that locks a row needs the right to change some column of it.
PUBLIC_DOOR: dict[str, Rights] = {
    # What the door tells the rest of the house: events, jobs, and lines of the log that it cannot read again.
    "audit_record": Rights(read=ID, add=True),
    "core_event": Rights(read=ID, add=True),
    "django_tasks_database_dbtaskresult": Rights(add=True),
    # How often is too often, and the salt of the day.
    "core_daysalt": Rights(read=ALL, add=True, change=("day", "salt")),
    "core_tally": Rights(read=ALL, add=True, change=("many", "ends")),
    # The clock of practice; in production there is no row.
    "core_clockoffset": Rights(read=ALL),
    # Reports. What was told is sealed to a key that this door does not have.
    "intake_report": Rights(
        read=ALL,
        add=True,
        change=("contact", "contact_withdrawn", "details", "lane", "read_at", "received_at", "state", "told_at"),
    ),
    "intake_reportedaddress": Rights(read=("id",), add=True),
    "intake_quarantined": Rights(add=True, read=("report_id",), change=("sender",)),
    "intake_question": Rights(read=ALL, change=ID),  # locked while its answer is kept
    "intake_answer": Rights(read=ALL, add=True),
    "intake_devicehash": Rights(read=("id", "public_id", "report_id", "state"), add=True, change=("sealed", "state")),
    # Partners, whose keys are known by a keyed hash.
    "intake_partner": Rights(read=ALL),
    "intake_partnerkey": Rights(read=ALL),
    "intake_partnerreport": Rights(read=ALL, add=True),
    "intake_partnerrequest": Rights(read=ALL, add=True),
    # Receivers of notices: of a notice the door knows the keyed hash of its code, and nothing else.
    "removal_answercode": Rights(read=ALL, change=("used_at",)),
    "removal_provideranswer": Rights(read=ID, add=True),
    # What a person published.
    "statistics_publishedfigures": Rights(read=ALL),
    "statistics_publishedreport": Rights(read=ALL),
}

# What somebody has at hand, and their looks. The row of a person has the hash of their password, which their session is
# compared with.
MEDIA_DOOR: dict[str, Rights] = {
    "audit_record": Rights(read=ID, add=True),
    "core_clockoffset": Rights(read=ALL),
    "django_session": Rights(read=ALL),
    "accounts_person": Rights(read=ALL),
    "evidence_item": Rights(read=("id", "public_id", "case", "unreadable_reason", "width", "height")),
    "evidence_rendition": Rights(read=ALL),
    "assessment_turn": Rights(
        read=("id", "item_id", "state", "person", "locked_until", "reserved_for", "reserved_until", "heavy")
    ),
    "triage_sortingsheet": Rights(read=ALL),
    "triage_sheettile": Rights(read=ALL),
    "exposure_view": Rights(read=ALL, add=True, change=("shown_at", "beat_at", "seconds", "size")),
    "exposure_wellbeing": Rights(read=("id", "person", "shift_ends_at")),
    # What its health page tells an operator: kinds of announcements and numbers of rows.
    "core_event": Rights(read=ALL),
    "core_delivery": Rights(read=ALL),
    "core_overdue": Rights(read=ALL),
    "core_round": Rights(read=ALL),
    "django_tasks_database_dbtaskresult": Rights(
        read=("id", "task_path", "status", "args_kwargs", "priority", "run_after", "enqueued_at")
    ),
}

# Members, their keys (by a keyed hash) and what they say; the list's entries, of whose files there are keyed look-ups
# and whose pictures lie in an index beside it.
MEMBERS_DOOR: dict[str, Rights] = {
    "audit_record": Rights(read=ID, add=True),
    "core_event": Rights(read=ID, add=True),
    "django_tasks_database_dbtaskresult": Rights(add=True),
    "core_clockoffset": Rights(read=ALL),
    "core_tally": Rights(read=ALL, add=True, change=("many", "ends")),
    "intake_partner": Rights(read=ALL),
    "intake_partnerkey": Rights(read=ALL),
    "hashlists_member": Rights(read=ALL),
    "hashlists_entry": Rights(read=ALL, change=ID),  # locked while a word on it is kept
    "hashlists_servedhash": Rights(read=ALL),
    "hashlists_streamstage": Rights(read=ALL),
    "hashlists_release": Rights(read=("id", "state", "version")),
    "hashlists_edition": Rights(read=ALL),
    "hashlists_sealededition": Rights(read=ALL),
    "hashlists_dispute": Rights(read=("id", "raised_at", "settled_at")),
    "hashlists_feedback": Rights(read=ALL, add=True, change=("verdict", "reason", "given_at")),
    "hashlists_canaryword": Rights(read=ALL, add=True, change=("verdict", "reason", "given_at", "disputed_at")),
    "hashlists_queryflag": Rights(read=ID, add=True),
    "hashlists_entrymet": Rights(read=ALL, add=True, change=("times",)),
}

DOOR_RIGHTS = {"public": PUBLIC_DOOR, "media": MEDIA_DOOR, "members": MEMBERS_DOOR}
