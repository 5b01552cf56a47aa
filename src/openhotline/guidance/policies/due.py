"""What a person has to look at again, by a day."""

from collections.abc import Iterator
from datetime import date

from openhotline.guidance.models.guidance import Guidance


def overdue(guidance: Guidance, today: date) -> Iterator[str]:
    """Yield what should have been reviewed before today, a sentence each."""
    for source in guidance.sources.values():
        if source.next_review < today:
            yield f"Source {source.id!r} was to be reviewed by {source.next_review}."
    for entry in guidance.entries.values():
        if entry.next_review < today:
            yield f"Entry {entry.id!r} of the directory was to be reviewed by {entry.next_review}."
    for flow in guidance.flows.values():
        for outcome in flow.outcomes.values():
            if outcome.next_review < today:
                yield f"{flow.file}: outcome {outcome.id!r} was to be reviewed by {outcome.next_review}."


def unchecked(guidance: Guidance) -> Iterator[str]:
    """Yield the sources that nobody has read yet, and the entries whose contact details nobody has checked."""
    for source in guidance.sources.values():
        if source.checked is None:
            yield f"Source {source.id!r} is not yet checked: {source.title}."
    for entry in guidance.entries.values():
        if entry.checked is None:
            yield f"Entry {entry.id!r} of the directory is not yet checked: {entry.name}."
