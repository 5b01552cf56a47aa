"""Statements of reasons that platforms published under the EU Digital Services Act, laid beside our notices."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.removal.errors import StatementRefused
from openhotline.removal.models import Notice, Statement

FLAGGER = "SOURCE_TRUSTED_FLAGGER"
DEEPFAKE = "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE"
VISIBILITY = "DECISION_VISIBILITY_"


@dataclass(frozen=True)
class Reconciled:
    """How many statements were new, were kept before, and name no notice of ours."""

    new: int = 0
    before: int = 0
    others: int = 0


def keep_statements(*, lines: Iterable[str], us: str, actor: str, now: datetime) -> Reconciled:
    """Keep the statements (JSON, one a line) that answer our flags; all or none.

    A statement is ours when its source is a trusted flagger whose ``source_identity`` names ``us``, as platforms know
    us, and our notice's reference stands in its ``puid``, ``source_identity`` or ``decision_facts``. Each ``puid`` of a
    platform is kept once. An absent keyword is kept as absent, never as "no". Raises StatementRefused.
    """
    if not us.strip():
        raise StatementRefused("Say under which name platforms know us: without it every flag would be taken for ours.")
    ours, others = list[Statement](), 0
    notices = {one.public_id: one for one in Notice.objects.filter(sent_at__isnull=False).only("pk", "public_id")}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        said = _read(line, number)
        notice = _notice(said, us, notices)
        if notice is None:
            others += 1
        else:
            ours.append(_statement(said, notice, number, now))
    with transaction.atomic():
        known = set(Statement.objects.filter(puid__in=[one.puid for one in ours]).values_list("platform", "puid"))
        fresh = {(one.platform, one.puid): one for one in ours if (one.platform, one.puid) not in known}
        Statement.objects.bulk_create(fresh.values())
        if fresh:
            names = [one.notice.public_id for one in fresh.values()]
            detail = {"new": len(fresh)}
            record(actor=actor, action="statements_kept", subject="notices", ids=names, now=now, detail={**detail})
    return Reconciled(len(fresh), len(ours) - len(fresh), others)


def _read(line: str, number: int) -> Mapping[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise StatementRefused(f"Line {number} is no JSON object. Nothing was kept.")
    return said


def _notice(said: Mapping[str, Any], us: str, notices: Mapping[str, Notice]) -> Notice | None:
    identity = _said(said, "source_identity")
    if said.get("source_type") != FLAGGER or us.lower() not in identity.lower():
        return None
    text = " ".join(_said(said, name) for name in ("puid", "source_identity", "decision_facts"))
    words = {word.strip(".,;:()[]\"'") for word in text.replace("/", " ").split()}
    return next((notices[word] for word in sorted(words) if word in notices), None)


def _statement(said: Mapping[str, Any], notice: Notice, number: int, now: datetime) -> Statement:
    platform, puid = _said(said, "platform_name"), _said(said, "puid")
    if not platform or not puid or len(puid) > 500:
        raise StatementRefused(f"Line {number} lacks platform_name or puid. Nothing was kept.")
    decisions, keywords = _listed(said, "decision_visibility"), _listed(said, "category_specification")
    return Statement(
        notice=notice,
        platform=platform[:200],
        puid=puid,
        decision=(decisions or ["not stated"])[0].removeprefix(VISIBILITY).lower()[:100],
        ground=_said(said, "decision_ground")[:100],
        deepfake=DEEPFAKE in keywords if keywords else None,
        automated=_said(said, "automated_decision")[:60],
        applied_on=_day(said.get("application_date"), number),
        taken_at=now,
        sealed=json.dumps(said, ensure_ascii=False, sort_keys=True),
    )


def _said(said: Mapping[str, Any], name: str) -> str:
    return str(said.get(name) or "")


def _listed(said: Mapping[str, Any], name: str) -> list[str]:
    value = said.get(name)
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _day(value: object, number: int) -> date | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise StatementRefused(f"Line {number} has an application_date that is none. Nothing was kept.") from None
