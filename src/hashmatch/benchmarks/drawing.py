"""The picture of speed against peers: bars on a logarithmic scale, drawn as SVG."""

import math
from collections.abc import Iterable
from html import escape

from hashmatch.benchmarks.measuring import Row

_LINE, _TOP, _LABELS, _SCALE = 22, 44, 440, 420
_OURS, _MISSED, _WANTED = "#1f6f8b", "#b5532a", "#333333"


def drawn(rows: Iterable[Row]) -> str:
    """SVG of every row that has a peer: a bar as long as we are times faster, and a mark where the bar to reach is."""
    shown = [row for row in rows if row.peer and row.ratio > 0]
    widest = max([10.0, *(max(row.ratio, row.bar or 0) for row in shown)])
    decades = math.ceil(math.log10(widest))
    width, height = _LABELS + _SCALE + 90, _TOP + _LINE * len(shown) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">',
        '<rect width="100%" height="100%" fill="white"/>',
        '<text x="10" y="20" font-size="14">Times faster than the peer (logarithmic; | marks the bar to reach)</text>',
        '<g font-size="12">',
    ]
    for decade in range(decades + 1):
        x = _LABELS + _SCALE * decade / decades
        parts.append(f'<line x1="{x:.0f}" y1="{_TOP - 8}" x2="{x:.0f}" y2="{height - 26}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{height - 10}" text-anchor="middle">{10**decade}x</text>')
    for number, row in enumerate(shown):
        parts += _bar(row, _TOP + _LINE * number, decades)
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _bar(row: Row, top: int, decades: int) -> list[str]:
    length = _SCALE * max(0.0, math.log10(row.ratio)) / decades
    colour = _MISSED if row.reached is False else _OURS
    parts = [
        f'<text x="{_LABELS - 8}" y="{top + 12}" text-anchor="end">{escape(row.name)} / {escape(row.peer)}</text>',
        f'<rect x="{_LABELS}" y="{top}" width="{length:.1f}" height="15" fill="{colour}"/>',
        f'<text x="{_LABELS + length + 6:.1f}" y="{top + 12}">{row.ratio:.1f}x</text>',
    ]
    if row.bar:
        x = _LABELS + _SCALE * math.log10(row.bar) / decades
        parts.append(
            f'<line x1="{x:.1f}" y1="{top - 3}" x2="{x:.1f}" y2="{top + 18}" stroke="{_WANTED}" stroke-width="2"/>'
        )
    return parts
