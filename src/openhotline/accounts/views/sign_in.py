"""Signing in and out of the desk, and proving again that it is you."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_safe

from openhotline.accounts.models import Person


class SignInForm(AuthenticationForm):
    """Name and password. After five wrong ones the name has to wait, whoever asks; a passkey never has to."""

    def clean(self) -> dict[str, Any]:
        """Ask allauth, which counts the attempts, and then our own backend."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username and password:
            self.user_cache = get_adapter().authenticate(self.request, username=username, password=password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class SignIn(LoginView):
    """A passkey, or name and password and then a code; says nothing about which of them was wrong."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on to the second factor, if the person has one, and sign in."""
        login = Login(user=form.get_user(), redirect_url=self.get_success_url())
        answer: HttpResponse = perform_password_login(self.request, {}, login)
        return answer


class SignOut(LogoutView):
    """Ends the session, and has the browser forget what it kept; POST only."""

    def post(self, request: HttpRequest, *args: object, **more: object) -> HttpResponse:
        """Sign out."""
        answer = super().post(request, *args, **more)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer


@require_safe
def prove(request: HttpRequest) -> HttpResponse:
    """Lead to the best way this person has of proving again that it is them, and back to where they came from."""
    place = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()})
    return redirect(f"{reverse(_way(request))}?{urlencode({'next': place if safe else reverse('desk_home')})}")


def _way(request: HttpRequest) -> str:
    person = request.user
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True)) if _known(person) else set()
    if Authenticator.Type.WEBAUTHN in kinds:
        return "mfa_reauthenticate_webauthn"
    if Authenticator.Type.TOTP in kinds:
        return "mfa_reauthenticate"
    return "account_reauthenticate" if settings.PRACTICE else "mfa_index"


def _known(person: object) -> bool:
    return isinstance(person, Person)
