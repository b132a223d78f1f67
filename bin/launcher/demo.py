"""The demonstration's fixed facts. Who can sign in is told by `manage.py load_demo` itself."""

DEMO_PASSWORD = "Shtepia-e-Bardhe-2026"  # noqa: S105 - printed at start on purpose; production refuses demonstration data
DEMO_DOMAIN = "demo.example"
