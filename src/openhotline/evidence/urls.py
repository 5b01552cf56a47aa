"""Addresses of the media door."""

from django.urls import path

from openhotline.evidence import views

urlpatterns = [
    path("tile/<str:item_id>/", views.media_tile, name="media_tile"),
    path("reveal/<str:item_id>/", views.media_reveal, name="media_reveal"),
    path("health/", views.media_health, name="media_health"),
    path("beat/", views.media_beat, name="media_beat"),
    path("release/", views.media_release, name="media_release"),
]
