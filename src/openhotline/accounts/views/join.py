"""Following an invitation."""

from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.forms import CharField, Form, PasswordInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from openhotline.accounts.services.join import join as join_service
from openhotline.accounts.services.join import link_is_approved, open_invitation
from openhotline.core.clock import now


class PasswordForm(Form):
    """A password for who signs in with a code app; who adds a passkey has none."""

    password = CharField(
        label="A password",
        help_text="At least 14 characters; a sentence is good. You also need a code app on your telephone.",
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )

    def clean_password(self) -> str:
        """Refuse what is short or well known."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Ask how the person will sign in; a POST uses the link up and leads to adding the passkey or the code app.

    While a second person has not approved the link, the page says so and asks for nothing.
    """
    invitation = open_invitation(token, now())
    if not link_is_approved(invitation, now()):
        return render(request, "accounts/join_waits.html", {"invitation": invitation})
    passkey = "passkey" in request.POST
    form = PasswordForm(request.POST if request.method == "POST" and not passkey else None)
    if request.method != "POST" or not (passkey or form.is_valid()):
        return render(request, "accounts/join.html", {"form": form, "person": invitation.person})
    password = None if passkey else form.cleaned_data["password"]
    request.session.flush()
    login(request, join_service(token=token, password=password, now=now()))
    return redirect("mfa_add_webauthn" if passkey else "mfa_activate_totp")
