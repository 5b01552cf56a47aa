"""Every address of every door says who may come.

A route without a class of access fails, and so does a class without a route.
"""

from collections.abc import Collection, Iterable, Iterator
from importlib import import_module

from django.http import HttpResponse  # noqa: TID251  (a stand-in for a view needs one)
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from source_tree import SOURCE, must_be_empty

from openhotline.config.access import ACCESS


def root_urlconfs() -> list[str]:
    """Return the root URL configurations there are, by module name."""
    found = sorted((SOURCE / "openhotline" / "config").glob("urls*"))
    return [f"openhotline.config.{path.stem}" for path in found]


def routes(
    patterns: Iterable[URLPattern | URLResolver], space: str = "", prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield (name with its namespaces, pattern) of every route; the name is empty where there is none."""
    for pattern in patterns:
        place = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner, place)
        else:
            yield (f"{space}{pattern.name}" if pattern.name else ""), place


def unclassified(found: Iterable[tuple[str, str]], access: Collection[str]) -> list[str]:
    """Return the routes that nobody has classified, or that have no name to classify them by."""
    return [f"{place} ({name or 'no name'})" for name, place in found if name not in access]


def stale(found: Iterable[tuple[str, str]], access: Collection[str]) -> list[str]:
    """Return the classified names that no door serves any more."""
    return sorted(set(access) - {name for name, _ in found})


def all_routes() -> list[tuple[str, str]]:
    """Return the routes of all doors."""
    return [found for conf in root_urlconfs() for found in routes(get_resolver(conf).url_patterns)]


def answer(request: object) -> HttpResponse:
    """Stand for a view."""
    return HttpResponse()


PLANTED = [
    path("a/", answer, name="a"),
    path("b/", include(([path("c", answer, name="c"), path("d", answer)], "b"))),
]


def test_there_is_a_configuration_of_all_doors() -> None:
    assert "openhotline.config.urls_all" in root_urlconfs()
    assert import_module("openhotline.config.urls_all").urlpatterns


def test_every_route_is_classified() -> None:
    must_be_empty(unclassified(all_routes(), ACCESS))


def test_every_classified_route_is_still_served() -> None:
    must_be_empty(stale(all_routes(), ACCESS))


def test_a_route_that_nobody_classified_is_seen() -> None:
    assert unclassified(routes(PLANTED), {"a", "b:c"}) == ["b/d (no name)"]
    assert unclassified(routes(PLANTED), {"a"}) == ["b/c (b:c)", "b/d (no name)"]


def test_a_class_without_a_route_is_seen() -> None:
    assert stale(routes(PLANTED), {"a", "b:c", "gone"}) == ["gone"]
