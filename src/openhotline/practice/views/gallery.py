"""Every component of the pages once, for screenshots and the accessibility check."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openhotline.core.gallery import example


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the components of the public pages, or with ``?desk`` those of the desk."""
    template = "core/gallery_desk.html" if "desk" in request.GET else "core/gallery.html"
    return render(request, template, example())
