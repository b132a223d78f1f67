"""Tests of handling: confirm, assess, refer, oversee."""
