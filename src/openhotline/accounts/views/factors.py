"""Passkeys: allauth's pages, where ours are stricter."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.http import HttpResponse

from openhotline.core.errors import NotNow


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """A key is always a passkey: kept by the device, and opened by finger, face or PIN."""

    def clean(self) -> dict[str, Any]:
        """Refuse a key that did not ask for finger, face or PIN, whatever the page sent."""
        cleaned: dict[str, Any] = self.cleaned_data
        cleaned["passwordless"] = True
        checked: dict[str, Any] = super().clean()
        return checked


class AddPasskey(AddWebAuthnView):  # type: ignore[misc] # allauth ships no types
    """Add a passkey to the person who is signed in."""

    form_class = PasskeyForm

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Ask the device for a passkey and not for a bare security key."""
        context: dict[str, Any] = super().get_context_data(**more)
        context["js_data"] = {"creation_options": begin_registration(self.request.user, passwordless=True)}
        return context


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc] # allauth ships no types
    """Remove a passkey, unless it is the last way in."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Refuse the last one with a sentence."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            raise NotNow(adapter.error_messages["cannot_delete_authenticator"])
        answer: HttpResponse = super().form_valid(form)
        return answer
