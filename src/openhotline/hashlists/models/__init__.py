"""Tables of the hash lists, what is offered for them, and the file of a release."""

from openhotline.hashlists.models.dispute import Dispute
from openhotline.hashlists.models.entry import Entry
from openhotline.hashlists.models.known import KnownFile, KnownList, KnownPicture
from openhotline.hashlists.models.listable import Listable
from openhotline.hashlists.models.release import Release
from openhotline.hashlists.models.release_file import VerifiedRelease, canonical, verify_release_file
from openhotline.hashlists.models.self_reported import SelfReported, SelfReportedHash

__all__ = [
    "Dispute",
    "Entry",
    "KnownFile",
    "KnownList",
    "KnownPicture",
    "Listable",
    "Release",
    "SelfReported",
    "SelfReportedHash",
    "VerifiedRelease",
    "canonical",
    "verify_release_file",
]
