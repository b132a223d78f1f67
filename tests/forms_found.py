"""Every form of ours, found by importing every module of ours."""

import importlib
import inspect
import pkgutil

from django import forms

APPS = ("common", "audit", "files", "jobs", "deadlines", "people", "cases", "oversight")


def our_forms() -> dict[str, type[forms.BaseForm]]:
    """By dotted name; bases without fields are left out."""
    found: dict[str, type[forms.BaseForm]] = {}
    for app in APPS:
        package = importlib.import_module(app)
        for module_info in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" in module_info.name or ".management" in module_info.name:
                continue
            module = importlib.import_module(module_info.name)
            for _name, thing in inspect.getmembers(module, inspect.isclass):
                if issubclass(thing, forms.BaseForm) and thing.__module__ == module_info.name and getattr(thing, "base_fields", {}):
                    found[f"{module_info.name}.{thing.__name__}"] = thing
    return found
