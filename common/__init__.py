"""What every app shares: no models, and no import of any app."""
