"""The API's table of routes. Each names whom it is for and its shapes; guard, checks and the OpenAPI document follow.

spectree reads the table: it checks what comes in against the pydantic models and writes the document from them
(docs/api.md says why spectree). A route that is not in the table answers nobody.
"""

import functools
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal, cast

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from spectree import Response as Shapes
from spectree import SecurityScheme, SpecTree
from spectree.model_adapter.pydantic_adapter import PydanticModelAdapter
from spectree.models import SecureType, SecuritySchemeData
from sqlalchemy.exc import OperationalError

from bot import tokens
from bot.services import Services
from bot.tokens import hash_of
from bot.web import api_errors
from bot.web.api_errors import ApiError
from bot.web.api_schemas import ErrorBody
from bot.web.auth import ROLES, Allow, Caller, FailedLogins, identify

PREFIX = "/api/v1"
log = logging.getLogger(__name__)

# A view gets the caller, what came in (query or body, checked, where the route takes one) and the path's parts.
View = Callable[..., BaseModel | Response]


class Routes:
    """A blueprint below /api/v1 under construction."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
        self.allowed: dict[str, Allow] = {}
        self._failures = FailedLogins()
        self._used: dict[str, datetime] = {}  # hashes of good tokens, and when this process noted them
        self._document = _document()
        self.blueprint.before_request(self._guard)
        api_errors.install(self.blueprint, PREFIX)

    def add(
        self,
        method: str,
        rule: str,
        view: View,
        *,
        allow: Allow,
        answer: type[BaseModel] | None,
        query: type[BaseModel] | None = None,
        body: type[BaseModel] | None = None,
        name: str | None = None,
        status: int = 200,
    ) -> None:
        """Enter a route. `answer` is the shape of what `view` returns, sent with `status`; None: a text of its own.

        A view may answer in another form than its shape (a workbook, a page) with a Response.
        """
        name = name or view.__name__

        def endpoint(**path: Any) -> ResponseReturnValue:
            checked = getattr(request, "context", None)
            given = [part for part in (checked.query, checked.json) if part is not None] if checked else []
            told = view(g.caller, *given, **path)
            if answer is not None and isinstance(told, Response):
                raise _Another(told)  # spectree would hold it against the shape of the JSON
            return told, status  # type: ignore[return-value]  # spectree renders the model

        endpoint.__name__, endpoint.__doc__ = name, view.__doc__
        shapes = Shapes(**{f"HTTP_{status}": answer or None}, **_faults(body is not None))
        checked = self._document.validate(
            query=query, json=body, resp=shapes, tags=[rule.split("/")[1]], operation_id=name
        )(endpoint)
        self.blueprint.add_url_rule(rule, name, _or_another(checked), methods=[method])
        self.allowed[f"api.{name}"] = allow

    def add_document(self) -> None:
        """Enter the OpenAPI document itself, for anyone: it says nothing that the repository does not."""

        def openapi() -> Response:
            """This document."""
            return Response(json.dumps(self._document.spec, ensure_ascii=False), mimetype="application/json")

        checked = self._document.validate(
            resp=Shapes("HTTP_200"), tags=["openapi"], security=[], operation_id="openapi"
        )
        self.blueprint.add_url_rule("/openapi.json", "openapi", checked(openapi), methods=["GET"])
        self.allowed["api.openapi"] = Allow.ANYONE

    def _guard(self) -> None:
        """Before every route: who is it, have they any post for this, and is the body one that may be read."""
        allow = self.allowed.get(request.endpoint or "")
        if allow is None:
            raise ApiError("forbidden")
        if allow is Allow.ANYONE:
            return
        g.caller = self._caller()
        if allow in ROLES and not g.caller.holds(ROLES[allow]):
            raise ApiError("forbidden")
        _check_body(self.services.settings.web.max_body_bytes)

    def _caller(self) -> Caller:
        token, now = _bearer(), self.services.now()
        if token is None:
            raise ApiError("unauthorized")
        keys = (f"token:{hash_of(token)}", f"address:{request.remote_addr}")
        if self._failures.blocked(keys[0], now):
            raise ApiError("too_many_attempts")
        with self.services.reading() as session:
            caller = identify(session, token, now, now.astimezone(self.services.settings.zone).date())
        if caller is not None:
            self._note_use(token, now)
            return caller
        many = self._failures.blocked(keys[1], now)
        for key in keys:
            self._failures.note(key, now)
        raise ApiError("too_many_attempts" if many else "unauthorized")

    def _note_use(self, token: str, now: datetime) -> None:
        """Once an hour and process; whoever asks is answered whether it can be written down or not."""
        key = hash_of(token)
        if now - self._used.get(key, now - tokens.NOTED_EVERY) < tokens.NOTED_EVERY:
            return
        self._used[key] = now
        try:
            with self.services.transaction() as session:
                tokens.used(session, token, now)
        except OperationalError:
            log.warning("api: the use of a token could not be noted")


class _Another(Exception):
    """A view answers in another form than its shape: a workbook, a page."""

    def __init__(self, response: Response) -> None:
        super().__init__("another form")
        self.response = response


def _or_another(checked: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """The endpoint as spectree made it, and whatever form its view chose instead."""

    @functools.wraps(checked)
    def endpoint(**path: Any) -> ResponseReturnValue:
        try:
            return checked(**path)
        except _Another as other:
            return other.response

    return endpoint


def _bearer() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _check_body(most: int) -> None:
    """A body is a JSON object of bounded size, and says so. No body at all is an empty object."""
    request.max_content_length = most
    if request.method != "POST":
        return
    if not request.get_data(cache=True):
        return
    if request.mimetype != "application/json":
        raise ApiError("unsupported_media_type")
    try:
        body = json.loads(request.get_data(cache=True))
    except (ValueError, RecursionError) as error:
        raise ApiError("bad_json") from error
    if not isinstance(body, dict):
        raise ApiError("bad_json")


class _Remembering(PydanticModelAdapter):
    """A shape's schema is made once, not again for each of the routes that share it: half a second at every start."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[tuple[type[Any], str], dict[str, Any]] = {}

    def json_schema(
        self, model: type[Any], *, ref_template: str, mode: Literal["validation", "serialization"] = "validation"
    ) -> dict[str, Any]:
        """The schema of a model; spectree asks with one ref_template only and copies what it gets."""
        if (model, mode) not in self._made:
            self._made[(model, mode)] = super().json_schema(model, ref_template=ref_template, mode=mode)
        return self._made[(model, mode)]


_SHAPES = _Remembering()


def _document() -> SpecTree:
    return SpecTree(
        "flask",
        model_adapter=cast("Any", _SHAPES),  # the library types its own adapter more narrowly
        mode="strict",
        annotations=False,
        before=_refuse,
        validation_error_status=400,
        validation_error_model=ErrorBody,
        naming_strategy=lambda model: model.__name__,
        nested_naming_strategy=lambda _parent, child: child,
        title="Danyuan",
        description="The staff's API: tickets, chats, what could not be delivered, and the moves.",
        version="1",
        openapi_version="3.1.0",
        security_schemes=[
            SecurityScheme(name="bearer", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer")),
        ],
        security=[{"bearer": []}],
    )


def _refuse(_request: object, _response: object, error: Exception | None, _instance: object, _adapter: object) -> None:
    """spectree's hook after checking. Its own would log and return what was sent, which may be a resident's words."""
    if isinstance(error, ValidationError):
        raise api_errors.invalid(error)
    if error is not None:
        raise ApiError("bad_value")


def _faults(has_body: bool) -> Mapping[str, type[BaseModel]]:
    codes = [400, 401, 403, 404, 429, 503, *([409, 413, 415] if has_body else [])]
    return {f"HTTP_{code}": ErrorBody for code in codes}
