"""The members' door."""

from django.urls import include, path

urlpatterns = [
    path("v1/", include("openhotline.hashlists.api.routes")),
    path("hma/", include("openhotline.hashlists.api.hma")),
    path("ncmec/", include("openhotline.hashlists.api.ncmec")),
]
