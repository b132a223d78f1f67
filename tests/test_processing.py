"""R-89: nobody is asked for data without a stated purpose."""

import pytest
from django import forms

from aset_safeguarding.processing import FORMS
from tests.forms_found import our_forms


def test_every_form_states_its_purpose_and_no_entry_is_left_over() -> None:
    assert sorted(FORMS) == sorted(our_forms())


@pytest.mark.parametrize(("name", "form"), sorted(our_forms().items()))
def test_every_field_stands_in_the_register(name: str, form: type[forms.BaseForm]) -> None:
    assert sorted(FORMS[name][1].split()) == sorted(form.base_fields)
