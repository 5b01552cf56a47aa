"""Signing in and out of the desk."""

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError

from openhotline.accounts.models import Person


class SignInForm(AuthenticationForm):
    """Name and password; people made by practice mode do not exist in production."""

    def confirm_login_allowed(self, user: Person) -> None:
        """Refuse who is no longer active, and practice people in production, with the sentence of a wrong password."""
        super().confirm_login_allowed(user)
        if user.practice and not settings.PRACTICE:
            raise ValidationError(
                self.error_messages["invalid_login"],
                code="invalid_login",
                params={"username": self.username_field.verbose_name},
            )


class SignIn(LoginView):
    """Name and password (practice); says nothing about which of the two was wrong."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Ends the session; POST only."""
