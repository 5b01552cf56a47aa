"""What a found collection lies in: a folder, a zip archive or a bucket. It lists what is inside, and gives one file."""

from openhotline.intake.models.containers.container import ARCHIVES, LARGEST, Container, FindRefused, Inside
from openhotline.intake.models.containers.object_store import place_of
from openhotline.intake.models.containers.opening import nobody, open_container

__all__ = ["ARCHIVES", "LARGEST", "Container", "FindRefused", "Inside", "nobody", "open_container", "place_of"]
