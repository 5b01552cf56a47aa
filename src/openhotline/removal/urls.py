"""Routes for receivers of notices, at the public door."""

from django.urls import path

from openhotline.removal.views.provider import provider

urlpatterns = [path("provider/", provider, name="provider")]
