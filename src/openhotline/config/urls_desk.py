"""The desk."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("openhotline.accounts.urls")),
    path("desk/", include("openhotline.desk.urls")),
]
