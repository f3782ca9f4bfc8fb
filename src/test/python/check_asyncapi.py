"""Validates a document against AsyncAPI's own JSON Schema: check_asyncapi.py SCHEMA DOCUMENT."""

import json
import sys

import jsonschema
import yaml

with open(sys.argv[1], encoding="utf-8") as schema, open(sys.argv[2], encoding="utf-8") as document:
    validator = jsonschema.Draft7Validator(json.load(schema))
    content = yaml.safe_load(document)
# A schema that accepts everything would prove nothing.
assert not validator.is_valid({**content, "operations": {"x": {"action": "push"}}})
problems = [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(content)]
if problems:
    sys.exit("\n".join(problems))
print(f"{sys.argv[2]} is AsyncAPI {content['asyncapi']}")
