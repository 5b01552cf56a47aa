"""Migrate every app of ours from nothing, back to nothing, and forward again; print the tables after each way as JSON.

Started by the test as a process of its own, on the empty database that its environment names.
"""

import json

import django

django.setup()

from django.apps import apps  # noqa: E402 - the settings are read by setup
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402


def tables() -> list[str]:
    """Return the tables that are there, but for Django's own note of what was migrated."""
    return sorted(set(connection.introspection.table_names()) - {"django_migrations"})


def back_to_nothing() -> None:
    """Take back every migration of our apps; a library's need not be reversible."""
    executor = MigrationExecutor(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("openhotline.")}
    executor.migrate([(label, None) for label in sorted(ours & executor.loader.migrated_apps)])


def main() -> None:
    """Go forward, back and forward again."""
    ways = {}
    call_command("migrate", verbosity=0)
    ways["first"] = tables()
    back_to_nothing()
    ways["between"] = tables()
    call_command("migrate", verbosity=0)
    ways["again"] = tables()
    print(json.dumps(ways))  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main()
