"""Where a reader stands, and where an answer or a step back leads. Nothing of it is kept anywhere but in the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from openhotline.guidance.models.flow import Flow
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.paths import Path, follow


@dataclass(frozen=True)
class Place:
    """Where a reader stands: the nation, the flow and the answers given, as far as they were given."""

    nation: str = ""
    flow: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


def settled(place: Place, guidance: Guidance) -> Place:
    """Return the place without what the guidance does not offer, or does not offer any more."""
    nation = place.nation if place.nation in guidance.nations else ""
    flow = guidance.flows.get(place.flow)
    if flow is None or (nation and nation not in flow.nations):
        return Place(nation)
    if not nation:
        return Place("", flow.id, place.answers)
    return Place(nation, flow.id, follow(flow, nation, place.answers).answers)


def path_of(place: Place, guidance: Guidance) -> Path | None:
    """Return the path of a settled place, or None before a flow was chosen."""
    if not (place.nation and place.flow):
        return None
    return follow(guidance.flows[place.flow], place.nation, place.answers)


def flows_for(nation: str, guidance: Guidance) -> list[Flow]:
    """Return the flows that are offered to readers of a nation."""
    return [flow for flow in guidance.flows.values() if nation in flow.nations]


def answered(place: Place, answer: str, guidance: Guidance) -> Place | None:
    """Return where an answer leads from a settled place, or None when it is none of those offered."""
    if not place.nation:
        return settled(replace(place, nation=answer), guidance) if answer in guidance.nations else None
    path = path_of(place, guidance)
    if path is None:
        offered = {flow.id for flow in flows_for(place.nation, guidance)}
        return Place(place.nation, answer) if answer in offered else None
    if path.outcome is not None:
        return place
    if answer not in path.flow.questions[path.at].answers:
        return None
    return settled(replace(place, answers={**path.answers, path.at: answer}), guidance)


def back(place: Place) -> Place:
    """Return where a settled place was come to from."""
    if place.nation and place.flow and place.answers:
        return replace(place, answers=dict(list(place.answers.items())[:-1]))
    if place.nation and place.flow:
        return Place(place.nation)
    return Place()


def before(place: Place) -> str:
    """Return the last answer of a settled place: what the page that one goes back to is filled in with."""
    if place.nation and place.flow:
        return list(place.answers.values())[-1] if place.answers else place.flow
    return place.nation
