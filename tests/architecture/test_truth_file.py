"""Only the scripted analysts, and the comparison with them, know the truth file of a practice collection."""

from source_tree import Module, must_be_empty, read_tree, tree_of

KNOW_IT = (
    "openhotline.practice.collection",  # writes it
    "openhotline.practice.analysts",  # answer from it
)


def readers(modules: list[Module]) -> list[str]:
    """Return the modules that name the truth file and may not."""
    named = (module.name for module in modules if "truth.jsonl" in module.text)
    return [name for name in named if not name.startswith(KNOW_IT)]


def test_nothing_on_the_way_of_a_report_names_the_truth_file() -> None:
    must_be_empty(readers(read_tree()))


def test_a_stage_that_peeked_would_be_seen() -> None:
    peeking = tree_of({"openhotline/triage/queries/peek.py": 'open("truth.jsonl")\n'})
    assert readers(peeking) == ["openhotline.triage.queries.peek"]
