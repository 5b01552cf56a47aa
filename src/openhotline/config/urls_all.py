"""Practice on one machine: every door under one origin, and the practice pages. Production refuses this door."""

from django.urls import include, path

from openhotline.config import urls_desk, urls_media, urls_members, urls_public

urlpatterns = [
    *urls_public.urlpatterns,
    *urls_desk.urlpatterns,
    *urls_media.urlpatterns,
    *urls_members.urlpatterns,
    path("practice/", include("openhotline.practice.urls")),
]
