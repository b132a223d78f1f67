"""Argon2 is slow on purpose; in tests the same algorithm runs with the least it accepts."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Same format, hardly any work."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
