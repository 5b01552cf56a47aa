"""Routes of practice mode, under /practice/."""

from django.urls import path

from openhotline.practice.views import gallery, legend, start

urlpatterns = [
    path("", start.start, name="practice_start"),
    path("sign-in/", start.sign_in, name="practice_sign_in"),
    path("report/", start.report, name="practice_report"),
    path("work/", start.work, name="practice_work"),
    path("journey/", start.journey, name="practice_journey"),
    path("legend/", legend.legend, name="practice_legend"),
    path("gallery/", gallery.gallery, name="practice_gallery"),
]
