"""What a page says when it cannot do what was asked: one page for all, nothing of the inside."""

import logging
import traceback

from flask import Blueprint, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from bot.web.api_errors import ApiError

log = logging.getLogger(__name__)


def forbidden() -> ApiError:
    """No post for this page."""
    return ApiError("forbidden")


def not_found() -> ApiError:
    """The same for what does not exist and for what is outside somebody's area."""
    return ApiError("not_found")


def install(blueprint: Blueprint) -> None:
    """Answer every failure of the console's pages with a page."""
    blueprint.register_error_handler(ApiError, lambda error: _page(error.status, error.message))
    blueprint.register_error_handler(CSRFError, lambda _: _page(400, None, "stale"))
    blueprint.register_error_handler(HTTPException, _http)
    for kind in (OperationalError, InterfaceError, TimeoutError):
        blueprint.register_error_handler(kind, _database)
    blueprint.register_error_handler(Exception, _unexpected)


def _page(status: int, message: str | None, kind: str = "") -> Response:
    return make_response(render_template("console/error.html", status=status, message=message, kind=kind), status)


def _http(error: HTTPException) -> Response:
    return _page(error.code or 500, None)


def _database(error: Exception) -> Response:
    log.warning("console: database unusable at %s: %s", request.endpoint, type(error).__name__)
    return _page(503, None)


def _unexpected(error: Exception) -> Response:
    # The message of an exception may hold what somebody wrote; its type and place are enough to find it.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("console: %s at %s\n%s", type(error).__name__, request.endpoint, where)
    return _page(500, None)
