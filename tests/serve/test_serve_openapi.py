"""The server held against its own description, and fuzzed with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import missing_required_header, positive_data_acceptance
from serving import served
from starlette.routing import Route

from kg.serve.app import _ROUTES
from kg.serve.openapi import document

schema = schemathesis.openapi.from_dict(document())
# What OpenAPI cannot say: that a text must be SPARQL; that a read-only server refuses a write with any token.
_NOT_SAID = [positive_data_acceptance, missing_required_header]
_NOT_DESCRIBED = {"/sparql/", "/ontology.{extension}"}  # other names of what is described


def test_every_route_is_described() -> None:
    paths = {re.sub(r":\w+", "", route.path) for route in _ROUTES if isinstance(route, Route)}
    assert paths - _NOT_DESCRIBED == document()["paths"].keys()


@pytest.fixture(scope="module")
def fuzzed(output: Path) -> Iterator[str]:
    with served(str(output), "--timeout", "2", "--workers", "1") as (_, address):
        yield address


@schema.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_fuzz(fuzzed: str, case: Case) -> None:
    """No request that can be made from the description fails, hangs, or is answered outside it."""
    answer = case.call(base_url=fuzzed, allow_redirects=False)
    case.validate_response(answer, excluded_checks=_NOT_SAID)
    assert answer.status_code != 500
