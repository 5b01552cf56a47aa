"""The members' door."""

from django.urls import include, path

urlpatterns = [path("members/", include("openhotline.hashlists.urls"))]
