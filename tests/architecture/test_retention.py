"""Every table of every app is in a class of the retention table, and every class ends as it says."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from django.apps import apps
from django.db.models import Model
from source_tree import ROOT, must_be_empty

from openhotline.endings.models.rows import Ends
from openhotline.endings.models.table import ENDS
from openhotline.retention.models import RecordClass, read_classes
from openhotline.retention.states import End


def unclassified(models: Iterable[type[Model]], classes: Iterable[RecordClass]) -> Iterator[str]:
    """Yield every model that stands in no class, or in more than one."""
    held = [name for one in classes for name in one.holds]
    for model in models:
        times = held.count(model._meta.label)
        if times != 1:
            yield f"{model._meta.label} stands in {times} classes of retention/record_classes.toml; write it into one"


def strange(classes: Iterable[RecordClass]) -> Iterator[str]:
    """Yield what the table names and no app has: a model or a column of one."""
    labels = {model._meta.label: {field.name for field in model._meta.get_fields()} for model in all_models()}
    for one in classes:
        for name in one.holds:
            app, model, *column = name.split(".")
            if not set(column) <= labels.get(f"{app}.{model}", set()) or f"{app}.{model}" not in labels:
                yield f"the class {one.name} names {name}, which is not there"


def all_models() -> list[type[Model]]:
    """Return every model with a table, those of libraries too."""
    return [model for model in apps.get_models(include_auto_created=True) if not model._meta.auto_created]


def test_every_model_has_its_class() -> None:
    must_be_empty(unclassified(all_models(), read_classes().values()))


def test_the_table_names_nothing_that_is_gone() -> None:
    must_be_empty(strange(read_classes().values()))


def test_a_model_without_a_class_is_seen() -> None:
    """Planted bug: a class is taken away."""
    classes = [one for one in read_classes().values() if one.name != "looks"]
    assert list(unclassified(all_models(), classes)) == [
        "exposure.View stands in 0 classes of retention/record_classes.toml; write it into one"
    ]


def test_what_the_worker_ends_is_what_the_table_says() -> None:
    """`due.end_records` names every automatic class and no other."""
    text = (ROOT / "src" / "openhotline" / "due.py").read_text()
    body = text.partition("def end_records(")[2].partition("\ndef ")[0]
    automatic = {one.name for one in read_classes().values() if one.end == End.AUTOMATIC}
    named = {name for name in read_classes() if f'"{name}"' in body}
    assert named == automatic


def without_an_end(classes: Iterable[RecordClass], ends: Mapping[str, Ends]) -> Iterator[str]:
    """Yield every class that people end and cannot, and every model of one of which nothing is said."""
    for one in classes:
        if one.end not in {End.A_PERSON, End.TWO_PEOPLE}:
            continue
        if one.name not in ends:
            yield f"people end {one.name}, and nothing in endings/models says how"
            continue
        models = {".".join(name.split(".")[:2]) for name in one.holds}
        for model in sorted(models - ends[one.name].models()):
            yield f"endings/models says nothing of {model}, which the class {one.name} holds"


def test_every_class_that_people_end_says_what_becomes_of_each_of_its_tables() -> None:
    must_be_empty(without_an_end(read_classes().values(), ENDS))


def test_nothing_is_said_of_a_class_that_people_do_not_end() -> None:
    assert set(ENDS) == {one.name for one in read_classes().values() if one.end in {End.A_PERSON, End.TWO_PEOPLE}}


def test_a_class_without_an_end_and_a_table_of_which_nothing_is_said_are_seen() -> None:
    """Planted bugs: a class is taken away, and of another one table."""
    ends = {**ENDS, "alerts": replace(ENDS["alerts"], stays={})}
    del ends["people"]
    assert list(without_an_end(read_classes().values(), ends)) == [
        "endings/models says nothing of exposure.Reviewed, which the class alerts holds",
        "people end people, and nothing in endings/models says how",
    ]
