"""For any WSGI server: `gunicorn wsgi:app`."""

from insights.app import from_environment

app = from_environment()
