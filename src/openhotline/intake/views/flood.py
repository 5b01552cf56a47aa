"""How much is too much at the public pages: seen at the edge, where the sender's address is; only its hash goes on."""

from collections.abc import Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from limits import RateLimitItem

from openhotline.core import limits
from openhotline.core.errors import TooMany
from openhotline.intake.policies import why_quarantined
from openhotline.intake.services.release_in_turn import EVERYBODY
from openhotline.intake.services.start_report import Over

SHARED = "shared"
HOME, SITE = 64, 48  # bits of an IPv6 address: what a home has to itself, and what a provider gives a larger customer
MOST_HOPS = 16
TRIES_OVER = _(
    "Too many receipts were tried in a short time. Wait ten minutes, then try again. Your report is safe with us. This "
    "does not slow down the work on your report."
)


def judged(request: HttpRequest, *, now: datetime) -> Over | None:
    """Count one report of the public pages, and say over which limit it goes, if any; the answer must show nothing.

    Who has no address of their own is many people: no limit of one person is held against them, also while it is busy.
    """
    sender, site = _sender(request, now), _site(request, now)
    usual, tight = ("shared", "shared") if sender == SHARED else ("sender", "tight")
    counted: dict[str, tuple[Sequence[RateLimitItem], tuple[str, ...]]] = {
        "sender": (settings.FLOOD[usual], ("report", sender)),
        "tight": (settings.FLOOD[tight], ("report busy", sender)),
        "door": (settings.FLOOD["door"], ("report door",)),
        "most": (settings.FLOOD["most"], (EVERYBODY,)),
    }
    if site:
        counted["site"] = (settings.FLOOD["site"], ("report site", site))
    within = limits.count_each(counted, now=now)
    why = why_quarantined(
        sender_within=within["sender"] and within.get("site", True),
        tight_within=within["tight"],
        door_within=within["door"],
        most_within=within["most"],
    )
    return None if why is None else Over(why, sender)


def check_tries(request: HttpRequest, *, now: datetime) -> None:
    """Raise TooMany when so many wrong receipts were tried, by this sender or by everybody, that none is looked up.

    Who has no address of their own is held to the limit of everybody alone: else one of them could lock out the others.
    """
    sender, site = _sender(request, now), _site(request, now)
    mine = sender == SHARED or limits.within(settings.FLOOD["tries"], "try", sender, now=now)
    theirs = not site or limits.within(settings.FLOOD["site_tries"], "try site", site, now=now)
    if not (mine and theirs and limits.within(settings.FLOOD["all_tries"], "try door", now=now)):
        raise TooMany(str(TRIES_OVER))


def count_try(request: HttpRequest, *, now: datetime) -> None:
    """Count words that were no receipt of ours."""
    sender, site = _sender(request, now), _site(request, now)
    if sender != SHARED:
        limits.count(settings.FLOOD["tries"], "try", sender, now=now)
    if site:
        limits.count(settings.FLOOD["site_tries"], "try site", site, now=now)
    limits.count(settings.FLOOD["all_tries"], "try door", now=now)


def _sender(request: HttpRequest, now: datetime) -> str:
    """Return the day's hash of the sender's network address, or a shared name where they have none of their own."""
    place = _address(request)
    return SHARED if place is None else limits.hash_of_today(_network(place, HOME), now=now)


def _site(request: HttpRequest, now: datetime) -> str:
    """Return the day's hash of the 48 bits that an IPv6 sender shares with their site; "" for any other sender.

    Whoever has 48 bits has 65,536 homes' worth of addresses: counted home by home alone, they would have no limit.
    """
    place = _address(request)
    return limits.hash_of_today(_network(place, SITE), now=now) if isinstance(place, IPv6Address) else ""


def _network(place: IPv4Address | IPv6Address, bits: int) -> str:
    """Return an address with what stands after these bits taken away; one of IPv4 as it is."""
    if isinstance(place, IPv4Address):
        return str(place)
    kept = str(IPv6Address(int(place) >> 128 - bits << 128 - bits))
    # Of the first home of a site the hash must not be that of the site.
    return kept if bits == HOME else f"{kept}/{bits}"


def _address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """Return the address that the last proxy we trust saw; None for this machine itself, where onion services end.

    What a proxy saw from this machine came by Tor, also where the proxy on this machine is trusted: all that stands
    before it is the visitor's own word.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = [part.strip() for part in [*forwarded, request.META.get("REMOTE_ADDR", "")] if part.strip()]
    for hop, text in enumerate(reversed(seen[-MOST_HOPS:])):
        try:
            place = ip_address(text.strip("[]"))
        except ValueError:
            return None
        if isinstance(place, IPv6Address):
            # How a socket that listens on both kinds names an IPv4 address.
            place = place.ipv4_mapped or place
        trusted = any(place.version == net.version and place in net for net in settings.PROXIES)
        if place.is_loopback and (hop or not trusted):
            return None
        if not trusted:
            return place
    return None
