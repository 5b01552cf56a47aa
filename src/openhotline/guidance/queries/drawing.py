"""A map of the flows as one SVG: each question with its rules, and a line from each rule to what follows."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from openhotline.guidance.models.flow import Flow
from openhotline.guidance.models.guidance import Guidance

WIDTH, GAP_X, GAP_Y, LINE, PAD = 300, 90, 28, 18, 10
LETTERS = 42


@dataclass(frozen=True)
class Box:
    """One question or outcome: its place, its lines, and the height of each rule's end."""

    id: str
    kind: str
    x: int
    y: int
    title: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def height(self) -> int:
        """How tall it is."""
        return PAD * 2 + LINE * (len(self.title) + len(self.rules))

    def rule_y(self, number: int) -> int:
        """Where the line of a rule begins."""
        return self.y + PAD + LINE * (len(self.title) + number) + LINE // 2


def map_of(guidance: Guidance) -> str:
    """Return the map of every flow, one below the other."""
    parts: list[str] = []
    top = PAD
    wide = 0
    for flow in guidance.flows.values():
        parts.append(f'<text class="flow" x="{PAD}" y="{top + LINE}">{escape(flow.title)}</text>')
        boxes = _boxes(flow, top + LINE * 2)
        parts += [*_lines(flow, boxes), *(_drawn(box) for box in boxes.values())]
        top = max(box.y + box.height for box in boxes.values()) + GAP_Y * 2
        wide = max(wide, *(box.x + WIDTH for box in boxes.values()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide + PAD} {top}" width="{wide + PAD}" '
        f'height="{top}" role="img" aria-label="Map of the guidance flows">\n<style>{STYLE}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


STYLE = (
    "text{font:13px sans-serif;fill:#1c252e}.flow{font-weight:bold;font-size:16px}.rule{fill:#4f5d69}"
    "rect{fill:#fff;stroke:#6c7880}.outcome{fill:#e2f0e7}path{fill:none;stroke:#1b5a66}"
    "svg{background:#fbfaf7}"
)


def _ranks(flow: Flow) -> dict[str, int]:
    """How far each question or outcome lies from the start, by the longest way."""
    rank = {flow.start: 0}
    waiting = [flow.start]
    while waiting:
        at = waiting.pop(0)
        for go in _followers(flow, at):
            if rank.get(go, -1) < rank[at] + 1:
                rank[go] = rank[at] + 1
                waiting.append(go)
    return rank


def _followers(flow: Flow, at: str) -> list[str]:
    return [rule.go for rule in flow.questions[at].rules] if at in flow.questions else []


def _boxes(flow: Flow, top: int) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    below: dict[int, int] = {}
    for name, rank in sorted(_ranks(flow).items(), key=lambda one: one[1]):
        y = below.get(rank, top)
        box = _box(flow, name, PAD + rank * (WIDTH + GAP_X), y)
        boxes[name] = box
        below[rank] = y + box.height + GAP_Y
    return boxes


def _box(flow: Flow, name: str, x: int, y: int) -> Box:
    if name in flow.outcomes:
        title = f"{name}: {flow.outcomes[name].title}"
        return Box(name, "outcome", x, y, tuple(textwrap.wrap(title, LETTERS)), ())
    question = flow.questions[name]
    rest = "otherwise" if len(question.rules) > 1 else "in any case"
    rules = tuple(f"→ {rule.when.in_words() if rule.when else rest}" for rule in question.rules)
    title_lines = tuple(textwrap.wrap(f"{name}: {question.text}", LETTERS))
    return Box(name, "question", x, y, title_lines, tuple(textwrap.shorten(one, 46, placeholder=" …") for one in rules))


def _lines(flow: Flow, boxes: Mapping[str, Box]) -> Iterator[str]:
    for box in boxes.values():
        for number, go in enumerate(_followers(flow, box.id)):
            to = boxes[go]
            x, y, end = box.x + WIDTH, box.rule_y(number), to.y + PAD + LINE // 2
            half = (x + to.x) // 2
            yield f'<path d="M{x} {y}C{half} {y} {half} {end} {to.x} {end}"/>'


def _drawn(box: Box) -> str:
    lines = [*((one, "") for one in box.title), *((one, ' class="rule"') for one in box.rules)]
    texts = "".join(
        f'<text{kind} x="{box.x + PAD}" y="{box.y + PAD + LINE * number + 13}">{escape(one)}</text>'
        for number, (one, kind) in enumerate(lines)
    )
    return f'<rect class="{box.kind}" x="{box.x}" y="{box.y}" width="{WIDTH}" height="{box.height}" rx="4"/>{texts}'
