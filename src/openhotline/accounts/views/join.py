"""Following an invitation."""

from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.forms import CharField, Form, PasswordInput, TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from openhotline.accounts.services.join import WRONG, link_is_approved, open_invitation
from openhotline.accounts.services.join import join as join_service
from openhotline.accounts.services.try_code import try_code
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


class CodeForm(Form):
    """The code of a link."""

    code = CharField(
        label="Your code",
        help_text="Eight letters and figures. The person at the hotline who agreed that you come tells you.",
        widget=TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        max_length=40,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Ask how the person will sign in; a POST uses the link up and leads to adding the passkey or the code app.

    While a second person has not approved the link, the page says so and asks for nothing; then it first asks for the
    code that this person was shown.
    """
    invitation = open_invitation(token, now())
    if not link_is_approved(invitation, now()):
        return render(request, "accounts/join_waits.html", {"invitation": invitation})
    code = CodeForm(request.POST if "code" in request.POST else None)
    if invitation.needs_approval and not _opened(token, code):
        return render(request, "accounts/join_code.html", {"form": code, "person": invitation.person})
    passkey, chosen = "passkey" in request.POST, {"passkey", "password"} & request.POST.keys()
    form = PasswordForm(request.POST if chosen and not passkey else None)
    if not (passkey or form.is_valid()):
        context = {"form": form, "person": invitation.person, "code": request.POST.get("code", "")}
        return render(request, "accounts/join.html", context)
    password = None if passkey else form.cleaned_data["password"]
    request.session.flush()
    login(request, join_service(token=token, code=request.POST.get("code", ""), password=password, now=now()))
    return redirect("mfa_add_webauthn" if passkey else "mfa_activate_totp")


def _opened(token: str, form: CodeForm) -> bool:
    """Say whether the code of the form opens the link; a wrong one is counted, and said beside the field."""
    if not form.is_valid():
        return False
    if try_code(token=token, code=form.cleaned_data["code"], now=now()):
        return True
    form.add_error("code", WRONG)
    return False
