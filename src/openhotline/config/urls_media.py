"""The media door."""

from django.urls import include, path

urlpatterns = [path("media/", include("openhotline.evidence.urls"))]
