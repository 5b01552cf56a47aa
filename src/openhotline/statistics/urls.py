"""Route of the public figures."""

from django.urls import path

from openhotline.statistics.views.numbers import numbers

urlpatterns = [path("numbers/", numbers, name="numbers")]
