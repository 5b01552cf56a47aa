"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from openhotline.core.archive import unfinished

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openhotline.config.settings")
application = get_wsgi_application()
if stands := unfinished.sentence():
    raise SystemExit(stands)
