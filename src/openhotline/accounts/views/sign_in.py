"""Signing in and out of the desk."""

from django.contrib.auth.views import LoginView, LogoutView


class SignIn(LoginView):
    """Name and password (practice); says nothing about which of the two was wrong."""

    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Ends the session; POST only."""
