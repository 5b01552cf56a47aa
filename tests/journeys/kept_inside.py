"""What an installation holds that may be said nowhere else: addresses, hosts, paths, hashes, and who works there.

python kept_inside.py prints the secrets of the installation that the environment names, and its newest report.
"""

import json
import sys


def secrets_of_the_road() -> dict[str, str]:
    """Return {what: text} of everything that must not be written down in clear: addresses, hosts, paths and hashes."""
    from openhotline.evidence.models import Item
    from openhotline.evidence.queries import digests_of
    from openhotline.intake.models import Address

    found = {}
    for row in Address.objects.order_by("pk"):
        host, _, path = row.canonical.partition("://")[2].partition("/")
        found |= {f"address {row.pk}": row.canonical, f"raw {row.pk}": row.raw, f"host {row.pk}": host}
        found |= {f"path {row.pk}": path} if path else {}
    for item in Item.objects.order_by("pk"):
        found |= {f"{name} of item {item.pk}": value for name, value in digests_of(item).items()}
        found |= {f"pdq of item {item.pk}": item.pdq} if item.pdq else {}
    return found


def leaks(texts: dict[str, str], secrets: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """Return (where, what) of every secret that stands in a text; those of this process's installation by default."""
    secrets = secrets_of_the_road() if secrets is None else secrets
    assert {what.partition(" ")[0] for what in secrets} >= {"address", "host", "path", "sha256", "md5", "pdq"}
    return [(where, what) for where, text in texts.items() for what, secret in secrets.items() if secret in text]


def names_of_staff() -> list[str]:
    """Return what could name somebody: outside ids, and names that are no word of an office."""
    from openhotline.accounts.models import Person

    people = Person.objects.all()
    words = {person.username for person in people if person.username.title() == person.name}
    names = {name for one in people for name in (one.username, one.name, one.public_id)}
    return sorted(name for name in names if name.lower() not in words)


if __name__ == "__main__":
    import django

    django.setup()
    from openhotline.intake.models import Report

    told = {"secrets": secrets_of_the_road(), "report": Report.objects.latest("pk").public_id}
    sys.stdout.write(json.dumps(told))
