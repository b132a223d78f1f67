"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aset_safeguarding.settings")

application = get_wsgi_application()

from people.checks import refuse_unsafe_production  # noqa: E402

refuse_unsafe_production()
