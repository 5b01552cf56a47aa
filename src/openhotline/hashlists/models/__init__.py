"""Tables of the hash lists, what is offered for them, and the file of a release."""

from openhotline.hashlists.models.dispute import Dispute
from openhotline.hashlists.models.entry import REVISED, Entry, EntryRevision, GivenHash
from openhotline.hashlists.models.entry_met import EntryMet
from openhotline.hashlists.models.known import KnownFile, KnownImport, KnownList, KnownPicture
from openhotline.hashlists.models.listable import LegalBasis, Listable
from openhotline.hashlists.models.member import (
    CanaryWord,
    Edition,
    Feedback,
    Member,
    QueryFlag,
    ServedHash,
    StreamStage,
    Terms,
    check_admitted,
)
from openhotline.hashlists.models.release import Release
from openhotline.hashlists.models.release_file import VerifiedRelease, canonical, verify_release_file
from openhotline.hashlists.models.release_hold import ReleaseHold
from openhotline.hashlists.models.sealed_list import ListedAddress, Routine, SealedEdition, SealedRelease
from openhotline.hashlists.models.self_reported import SelfReported, SelfReportedHash

__all__ = [
    "REVISED",
    "CanaryWord",
    "Dispute",
    "Edition",
    "Entry",
    "EntryMet",
    "EntryRevision",
    "Feedback",
    "GivenHash",
    "KnownFile",
    "KnownImport",
    "KnownList",
    "KnownPicture",
    "LegalBasis",
    "Listable",
    "ListedAddress",
    "Member",
    "QueryFlag",
    "Release",
    "ReleaseHold",
    "Routine",
    "SealedEdition",
    "SealedRelease",
    "SelfReported",
    "SelfReportedHash",
    "ServedHash",
    "StreamStage",
    "Terms",
    "VerifiedRelease",
    "canonical",
    "check_admitted",
    "verify_release_file",
]
