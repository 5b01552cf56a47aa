"""What a flow must keep as a whole: everything is reached, every path ends, every sentence has its source and place."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from openhotline.guidance.models.condition import Condition
from openhotline.guidance.models.flow import Flow
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.outcome import Outcome, Sentence
from openhotline.guidance.models.paths import Path, every_path
from openhotline.guidance.states import NATION, TAKES


def faults_of(guidance: Guidance) -> list[str]:
    """Return what is wrong with the guidance, a sentence each; none when it may be shown."""
    found = [fault for flow in guidance.flows.values() for fault in _flow_faults(flow, guidance)]
    if not guidance.flows:
        found.append("There is no flow. Put one into flows/, or leave the shipped ones in.")
    return found


def _flow_faults(flow: Flow, guidance: Guidance) -> list[str]:
    """The faults of one flow; paths are only walked once its conditions and its shape are sound."""
    sound = [*_condition_faults(flow, guidance), *_shape_faults(flow)]
    if sound:
        return sound
    paths = [path for nation in flow.nations for path in every_path(flow, nation)]
    return [
        *_path_faults(flow, paths),
        *(fault for one in flow.outcomes.values() for fault in _outcome_faults(flow, one, paths, guidance)),
    ]


def conditions(flow: Flow) -> Iterator[tuple[str, Condition]]:
    """Yield every condition of a flow with its place in words."""
    yield from ((f"fact {name!r}", when) for name, when in flow.facts.items())
    for question in flow.questions.values():
        yield from ((f"question {question.id!r}, next {n}", r.when) for n, r in enumerate(question.rules, 1) if r.when)
    for outcome in flow.outcomes.values():
        place = f"outcome {outcome.id!r}"
        yield from ((f"{place}, offer {one.entry!r}", one.when) for one in outcome.offers if one.when)
        for step in outcome.steps:
            if step.when:
                yield f"{place}, step {step.title!r}", step.when
            yield from ((f"{place}, sentence {one.text!r}", one.when) for one in step.sentences if one.when)


def _condition_faults(flow: Flow, guidance: Guidance) -> Iterator[str]:
    offered: Mapping[str, set[str]] = {
        NATION: set(guidance.nations),
        **{one.id: set(one.answers) for one in flow.questions.values()},
    }
    for place, when in conditions(flow):
        for name in sorted(when.facts() - flow.facts.keys()):
            yield f"{flow.file}: {place}: there is no fact {name!r}. There is: {', '.join(flow.facts) or 'none'}."
        for one in when.answers():
            if one.of not in offered:
                yield f"{flow.file}: {place}: there is no question {one.of!r}. There is: {', '.join(offered)}."
            elif strange := sorted(set(one.values) - offered[one.of]):
                yield (
                    f"{flow.file}: {place}: question {one.of!r} does not offer {strange[0]!r}. "
                    f"It offers: {', '.join(sorted(offered[one.of]))}."
                )


def _shape_faults(flow: Flow) -> Iterator[str]:
    graph = {one.id: {rule.go for rule in one.rules} for one in flow.questions.values()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        circle = " → ".join(reversed(found.args[1]))
        yield f"{flow.file}: the questions {circle} lead in a circle. Every path has to end."


def _path_faults(flow: Flow, paths: list[Path]) -> Iterator[str]:
    reached = {name for path in paths for name in (*path.answers, path.at)}
    for name in (*flow.questions, *flow.outcomes):
        if name not in reached:
            yield f"{flow.file}: no path comes to {name!r}. Lead to it, or take it out."
    for question in flow.questions.values():
        here = [path.known for path in paths if question.id in path.answers]
        asked = [dict(list(known.items())[: list(known).index(question.id) + 1]) for known in here]
        for number, rule in enumerate(question.rules, 1):
            earlier = [one.when for one in question.rules[: number - 1] if one.when]
            if here and not any(
                flow.holds(rule.when, known) and not any(flow.holds(one, known) for one in earlier) for known in asked
            ):
                yield f"{flow.file}: question {question.id!r}, next {number}: no answers ever lead here. Take it out."
            yield from _too_early(flow, f"question {question.id!r}, next {number}", rule.when, asked)


def _too_early(flow: Flow, place: str, when: Condition | None, answered: list[dict[str, str]]) -> Iterator[str]:
    """A rule that asks for what was not asked on every path to it: a missing answer would quietly count as "no"."""
    asked = when.questions(flow.facts) if when else set()
    for name in sorted(asked):
        if any(name not in known for known in answered):
            yield f"{flow.file}: {place}: not every path to here has asked {name!r}. Ask it first, or split the rule."


def _outcome_faults(flow: Flow, outcome: Outcome, paths: list[Path], guidance: Guidance) -> Iterator[str]:
    place = f"outcome {outcome.id!r}"
    here = [path.known for path in paths if path.at == outcome.id]
    if missing := sorted({known[NATION] for known in here} - set(outcome.nations)):
        yield f"{flow.file}: {place}, nations: readers in {missing[0]!r} come here too. Add it, or lead them elsewhere."
    for step in outcome.steps:
        yield from _too_early(flow, f"{place}, step {step.title!r}", step.when, here)
        shown = [known for known in here if flow.holds(step.when, known)]
        for one in step.sentences:
            yield from _too_early(flow, f"{place}, sentence {one.text!r}", one.when, here)
            yield from _sentence_faults(flow, place, one, shown, guidance)
    for offer in outcome.offers:
        yield from _too_early(flow, f"{place}, offer {offer.entry!r}", offer.when, here)
        ages = guidance.entries[offer.entry].ages
        if offer.to not in TAKES[ages]:
            yield f"{flow.file}: {place}, offer {offer.entry!r}: it takes {ages}, and is not for this {offer.to}."


def _sentence_faults(
    flow: Flow, place: str, one: Sentence, shown: list[dict[str, str]], guidance: Guidance
) -> Iterator[str]:
    covered = {nation for name in one.sources for nation in guidance.sources[name].nations}
    for nation in one.nations:
        if nation not in covered:
            yield (
                f"{flow.file}: {place}, sentence {one.text!r}: none of its sources speaks about {nation!r}. "
                "Name one that does, or take the nation out."
            )
    # A block is written for all nations; a flow for some of them does not read all of it.
    meant = [nation for nation in flow.nations if not one.nations or nation in one.nations]
    if meant and not any(flow.holds(one.when, known) for known in shown if known[NATION] in meant):
        yield f"{flow.file}: {place}, sentence {one.text!r}: nobody ever reads it. Mend its condition, or take it out."


def unused(guidance: Guidance) -> Iterator[str]:
    """Yield the sources on which nothing rests: no fault, since a hotline may have replaced what did."""
    used = {name for flow in guidance.flows.values() for one in flow.outcomes.values() for name in one.sources()}
    used |= {name for entry in guidance.entries.values() for name in entry.sources}
    for name in sorted(guidance.sources.keys() - used):
        yield f"Source {name!r}: no sentence and no entry rests on it."
