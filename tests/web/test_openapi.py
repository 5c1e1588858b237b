"""The OpenAPI document is made from the code, complete, and valid."""

import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from bot.web import api
from bot.web.api_errors import ERRORS
from tests.web.world import World


@pytest.fixture
def document(world: World) -> Any:
    return world.ask(None, "GET", "/openapi.json").json


def test_the_document_is_valid_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_is_in_the_document_and_nothing_else(world: World, document: Any) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in world.app.url_map.iter_rules()
        if rule.rule.startswith(api.PREFIX)
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    written = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert written == routes


def test_all_but_the_document_itself_asks_for_a_bearer_token(document: Any) -> None:
    assert document["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
    open_to_all = {
        path for path, methods in document["paths"].items() for route in methods.values() if "security" in route
    }
    assert open_to_all == {"/api/v1/openapi.json"}


def test_every_route_says_what_it_is_for(document: Any) -> None:
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            assert not route["summary"].endswith(f"<{method.upper()}>"), path  # the library's stopgap


def test_answers_have_the_shape_that_the_document_says(world: World, document: Any) -> None:
    world.ticket()
    shapes = document["components"]["schemas"]
    for path in ("tickets", "chats", "undelivered", "areas", "reviews"):
        shape = document["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        page = shapes[shape["$ref"].rsplit("/", 1)[-1]]
        assert set(page["required"]) == {"items", "next"}
    item = world.get("staff", "/tickets")["items"][0]
    assert set(item) == set(shapes["TicketItem"]["properties"])


def test_messages_are_plain_words_for_people() -> None:
    banned = ("已受理", "诉求", "知悉", "逾期", "特此", "亲", "!", "！", "error", "token")
    for code, (_, message) in ERRORS.items():
        assert not any(word in message for word in banned), code
