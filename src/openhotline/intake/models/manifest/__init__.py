"""What a collection consists of: what a manifest says, or what lies there. Nothing of it is believed.

Read from the top: ``rows`` and ``vics`` take a manifest apart (JSON lines, CSV; VICS-shaped JSON), ``line`` checks
what each row says, ``source`` looks whether the file is there and was not named before, and hands out batches.
"""

from openhotline.intake.models.manifest.line import ManifestLine
from openhotline.intake.models.manifest.source import BATCH, Source, open_source

__all__ = ["BATCH", "ManifestLine", "Source", "open_source"]
