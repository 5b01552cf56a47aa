"""Routes of the guidance, at the public door."""

from django.urls import path

from openhotline.guidance.views.directory import directory
from openhotline.guidance.views.guide import guide
from openhotline.guidance.views.search import search
from openhotline.guidance.views.versions import version, versions

urlpatterns = [
    path("guidance/", guide, name="guidance"),
    path("guidance/search/", search, name="guidance_search"),
    path("guidance/directory/", directory, name="guidance_directory"),
    path("guidance/versions/", versions, name="guidance_versions"),
    path("guidance/versions/<str:version>/", version, name="guidance_version"),
]
