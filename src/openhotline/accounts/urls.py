"""Routes of signing in."""

from django.urls import path

from openhotline.accounts.views.sign_in import SignIn, SignOut

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-out/", SignOut.as_view(), name="sign_out"),
]
