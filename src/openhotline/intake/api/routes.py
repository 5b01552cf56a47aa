"""The operations of the API. What they answer depends on what was sent and when, and on nothing that is known."""

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from ninja import Body, Header, NinjaAPI, Path, Status
from ninja.types import TCallable

from openhotline.core.problems import StrictJson, install, refuse
from openhotline.intake import queries
from openhotline.intake.api.keys import Caller, Key, check_reads, give_back, over_budget
from openhotline.intake.errors import AnotherBody, HoldsPicture, XarfRefused
from openhotline.intake.models.xarf import read_xarf, texts_of
from openhotline.intake.policies import check_holds_no_picture
from openhotline.intake.schemas import BatchIn, BatchOut, ProblemOut, ReportIn, ReportOut, StageOut
from openhotline.intake.services.take_reports import Answer, Sending, Statement, take_reports
from openhotline.intake.states import Scope

LONGEST_KEY = 255
REFUSALS = {400: ProblemOut, 401: ProblemOut, 403: ProblemOut, 413: ProblemOut, 422: ProblemOut}
KEY_TEXT = "Chosen by you, 1 to 255 printable characters: the same request under the same key comes in once."
IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", description=KEY_TEXT, min_length=1, max_length=LONGEST_KEY)
]
OptionalKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description=f"{KEY_TEXT} Left out: the report_id.", max_length=LONGEST_KEY),
]
XARF_NEEDS = ("xarf_version", "report_id", "timestamp", "reporter", "sender", "source_identifier")
XARF_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "description": "A XARF 4 report, https://xarf.org: content/csam or content/csem.",
                    "required": [*XARF_NEEDS, "category", "type", "url"],
                    "properties": {"category": {"const": "content"}, "type": {"enum": ["csam", "csem"]}},
                }
            }
        },
    }
}

api = NinjaAPI(
    title="OpenHotline: reports of partners",
    version="1.0.0",
    description="Report addresses, ask how far reports are. Stages follow a fixed timetable: received, after 24 hours "
    "being worked on, after 14 days finished. Nothing here says whether anything is known.",
    docs_url=None,
    urls_namespace="partners_api",
    parser=StrictJson(),
)
install(api, unread=(AnotherBody, HoldsPicture, XarfRefused))


def _takes(
    place: str, answer: type[ReportOut | BatchOut], *, route: str, summary: str, **more: Any
) -> Callable[[TCallable], TCallable]:
    """Make an operation that receives reports: all of them ask for the same key, and refuse in the same ways."""
    responses = {201: answer, **REFUSALS}
    return api.post(place, auth=Key(Scope.WRITE), response=responses, url_name=route, summary=summary, **more)


@_takes("/reports", ReportOut, route="api_reports", summary="Report one thing", operation_id="report")
def report(request: HttpRequest, sent: ReportIn, key: IdempotencyKey) -> Status[Any]:
    """Report addresses, or what leads to one. When the answer is there, the report is kept."""
    return Status(201, _taken(request, key, [sent.statement()])[0])


@_takes("/reports/batch", BatchOut, route="api_batch", summary="Report many things", operation_id="report_batch")
def report_batch(request: HttpRequest, sent: BatchIn, key: IdempotencyKey) -> Status[Any]:
    """Report up to 100 things at once: all of them are received, or none."""
    return Status(201, {"reports": _taken(request, key, [one.statement() for one in sent.reports])})


@_takes(
    "/xarf",
    ReportOut,
    route="api_xarf",
    summary="Report as XARF 4",
    operation_id="report_xarf",
    openapi_extra=XARF_BODY,
)
def report_xarf(request: HttpRequest, sent: Annotated[dict[str, Any], Body()], key: OptionalKey = None) -> Status[Any]:
    """Report one address as XARF 4 (content/csam or content/csem). Evidence is taken as text only."""
    address, told = read_xarf(sent)
    for text in texts_of(sent):
        check_holds_no_picture(text, where="The report")
    return Status(201, _taken(request, key or told["reference"], [Statement((address,), told)])[0])


@api.get(
    "/reports/{report_id}",
    auth=Key(Scope.READ),
    response={200: StageOut, 401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 429: ProblemOut},
    url_name="api_stage",
    operation_id="stage",
    summary="Ask how far a report is",
)
def stage(request: HttpRequest, report_id: Annotated[str, Path(max_length=40)]) -> Any:
    """Ask for the word of a report that you sent yourself."""
    caller: Caller = request.auth  # type: ignore[attr-defined] # put there by Ninja
    check_reads(caller)
    facts = queries.stage_of(caller.partner, report_id, caller.now)
    return {
        "id": report_id,
        "stage": facts.word,
        "received_at": facts.received_at.isoformat(),
        "next_change": facts.next_change.isoformat() if facts.next_change else None,
    }


def _taken(request: HttpRequest, key: str, statements: list[Statement]) -> Answer:
    caller: Caller = request.auth  # type: ignore[attr-defined] # as above
    if not key.isascii() or not key.isprintable():
        refuse("The Idempotency-Key holds characters other than printable ASCII. Choose another. Nothing was kept.")
    return take_reports(
        partner=caller.partner,
        sending=Sending(f"{request.path} {key}", request.body),
        statements=statements,
        why=over_budget(caller, len(statements)),
        actor=caller.partner.public_id,
        now=caller.now,
        came_before=lambda: give_back(caller, len(statements)),
    )


def described() -> dict[str, Any]:
    """Return the description of the API (OpenAPI 3.1)."""
    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


def about(request: HttpRequest) -> HttpResponse:
    """Show what the API can do, on a page without scripts."""
    operations = [
        {"method": method.upper(), "path": place, "summary": one["summary"], "text": one["description"]}
        for place, methods in described()["paths"].items()
        for method, one in methods.items()
    ]
    return render(request, "intake/api_about.html", {"operations": operations})


def openapi(_request: HttpRequest) -> HttpResponse:
    """Return the description as JSON."""
    return JsonResponse(described())


# Ninja's own root and description are left out: ours say the same without a second name space.
_OURS = {"api_reports", "api_batch", "api_xarf", "api_stage"}
urlpatterns = [
    path("", about, name="api_about"),
    path("openapi.json", openapi, name="api_openapi"),
    *(one for one in api.urls[0] if isinstance(one, URLPattern) and one.name in _OURS),
]
