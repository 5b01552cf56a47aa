"""Routes of signing in, and of what a person signs in with."""

from allauth.account.views import reauthenticate
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.db.transaction import atomic
from django.urls import path

from openhotline.accounts.views.factors import AddPasskey, RemovePasskey
from openhotline.accounts.views.join import join
from openhotline.accounts.views.sign_in import SignIn, SignOut, prove

# allauth finds its own pages by these names. Of its pages only these exist: no sign-up, no reset by mail, no e-mail.
# allauth writes outside of transactions: what it changes and the line of the log about it are one.
urlpatterns = [
    path("sign-in/", atomic(SignIn.as_view()), name="sign_in"),
    path("sign-in/", atomic(SignIn.as_view()), name="account_login"),
    path("sign-in/code/", atomic(factors.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", atomic(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("sign-out/", SignOut.as_view(), name="sign_out"),
    path("join/<str:token>/", join, name="join"),
    path("prove/", prove, name="prove"),
    path("prove/password/", atomic(reauthenticate), name="account_reauthenticate"),
    path("prove/code/", atomic(factors.reauthenticate), name="mfa_reauthenticate"),
    path("prove/passkey/", atomic(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("ways-in/", factors.index, name="mfa_index"),
    path("ways-in/", factors.index, name="mfa_list_webauthn"),
    path("ways-in/passkey/", atomic(AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("ways-in/passkey/<int:pk>/remove/", atomic(RemovePasskey.as_view()), name="mfa_remove_webauthn"),
    path("ways-in/code-app/", atomic(totp.activate_totp), name="mfa_activate_totp"),
    path("ways-in/code-app/remove/", atomic(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("ways-in/recovery-codes/", atomic(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("ways-in/recovery-codes/new/", atomic(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
