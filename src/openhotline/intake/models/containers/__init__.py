"""What a found collection lies in: a folder or a zip archive. It lists what is inside, and gives one file at a time."""

from openhotline.intake.models.containers.container import ARCHIVES, LARGEST, Container, FindRefused, Inside
from openhotline.intake.models.containers.opening import open_container

__all__ = ["ARCHIVES", "LARGEST", "Container", "FindRefused", "Inside", "open_container"]
