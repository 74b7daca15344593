"""Whether data of a stranger keeps a published JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

from jcm_mrv.versions.values import shown
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jsonschema import ValidationError

MANIFEST, RESULT = "manifest.schema.json", "result.schema.json"
_MOST = 5
_LONGEST = 40  # characters of a value that is no value of the schema


def schema_text(name: str) -> str:
    """A JSON Schema (draft 2020-12) that the package publishes."""
    return (files("jcm_mrv") / name).read_text(encoding="utf-8")


def schema_faults(data: Any, name: str) -> Iterator[tuple[str, str]]:
    """Where data does not keep a schema, as a path in it, and what is wrong there; the first of them."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads(schema_text(name)))
    yield from ((error.json_path, _fault(error)) for error in islice(validator.iter_errors(data), _MOST))


def _fault(error: ValidationError) -> str:
    """What is wrong with a value, and not the first part of a long value; another schema is one of another version."""
    if error.json_path == "$.schema":
        found, known = shown(error.instance), error.validator_value
        return say(
            "it is of the schema {found}, and this version reads {known}: use the version that wrote it",
            found=found,
            known=known,
        )
    whole = repr(error.instance)
    return shown(error.message if len(whole) <= _LONGEST else error.message.replace(whole, f"{whole[:_LONGEST]}…"))
