"""Ways through a flow: the one that answers give, and all there are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openhotline.guidance.models.flow import Flow
from openhotline.guidance.models.outcome import Outcome
from openhotline.guidance.states import NATION


@dataclass(frozen=True)
class Path:
    """A way through a flow: the answers, by question in the order of asking, and where it stands now."""

    flow: Flow
    nation: str
    answers: Mapping[str, str]
    at: str

    @property
    def known(self) -> dict[str, str]:
        """What the rules may ask for: the nation and the answers."""
        return {NATION: self.nation, **self.answers}

    @property
    def outcome(self) -> Outcome | None:
        """The outcome, once the path has come to one."""
        return self.flow.outcomes.get(self.at)


def follow(flow: Flow, nation: str, given: Mapping[str, str]) -> Path:
    """Go as far as the given answers lead. What no question on the way asked, or no answer offered, is dropped."""
    answers: dict[str, str] = {}
    at = flow.start
    while at in flow.questions and given.get(at) in flow.questions[at].answers and at not in answers:
        answers[at] = given[at]
        at = flow.after(at, {NATION: nation, **answers})
    return Path(flow, nation, answers, at)


def every_path(flow: Flow, nation: str) -> Iterator[Path]:
    """Yield every path of a flow to its outcome. The flow must have no cycle (`checks` refuses one)."""
    yield from _onward(Path(flow, nation, {}, flow.start))


def _onward(path: Path) -> Iterator[Path]:
    if path.outcome is not None:
        yield path
        return
    for answer in path.flow.questions[path.at].answers:
        answers = {**path.answers, path.at: answer}
        yield from _onward(Path(path.flow, path.nation, answers, path.flow.after(path.at, path.known | answers)))
