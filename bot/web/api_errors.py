"""What the API answers when it does not do what was asked: one JSON shape, plain words, nothing of the inside."""

import logging
import traceback

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

log = logging.getLogger(__name__)

# code -> (status, what a person reads). Clients go by the code.
ERRORS: dict[str, tuple[int, str]] = {
    "bad_request": (400, "请求写得不对，请检查后再发。"),
    "bad_json": (400, "正文不是一个 JSON 对象。"),
    "bad_value": (400, "有一项填得不对。"),
    "bad_cursor": (400, "翻页的记号不对，请从第一页重新查。"),
    "unauthorized": (401, "请先登录：没有令牌，或令牌已经失效。"),
    "forbidden": (403, "您的岗位不能做这一步。"),
    "not_found": (404, "没有找到，或不在您管的范围里。"),
    "method_not_allowed": (405, "这个地址不支持这种请求方法。"),
    "not_possible": (409, "这件事现在的状态做不了这一步。"),
    "too_large": (413, "发来的内容太大。"),
    "unsupported_media_type": (415, "请用 application/json 发送。"),
    "too_many_attempts": (429, "令牌错的次数太多，请过一分钟再试。"),
    "internal": (500, "系统出了点问题，这一步没有做，请稍后再试。"),
    "unavailable": (503, "系统正忙，这一步没有做，请稍后再试。"),
}

_BY_STATUS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "not_possible",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_attempts",
    503: "unavailable",
}


class ApiError(Exception):
    """Something the caller is told. `field` names the parameter or body key that is meant."""

    def __init__(self, code: str, *, field: str | None = None, message: str | None = None) -> None:
        self.code = code
        self.status, usual = ERRORS[code]
        self.field = field
        self.message = message or usual
        super().__init__(f"{self.status} {code} {field or ''}".strip())


def not_found(field: str | None = None) -> ApiError:
    """The same for what does not exist and for what is outside somebody's area: nobody learns which."""
    return ApiError("not_found", field=field)


def invalid(error: ValidationError) -> ApiError:
    """A value that the schema refuses, told by its name. What was sent is neither repeated nor logged."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    message = f"不认识的一项：{field}。" if first["type"] == "extra_forbidden" else None
    return ApiError("bad_value", field=field, message=message)


def render(error: ApiError) -> Response:
    """The one JSON shape of every error, with the headers that belong to its status."""
    response = jsonify({"error": {"code": error.code, "message": error.message, "field": error.field}})
    response.status_code = error.status
    if error.code == "unauthorized":
        response.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if error.code == "too_many_attempts":
        response.headers["Retry-After"] = "60"
    return response


def install(blueprint: Blueprint, prefix: str) -> None:
    """Answer every failure of the blueprint's routes in the API's own shape, and unknown addresses below `prefix`."""
    blueprint.register_error_handler(ApiError, render)
    blueprint.register_error_handler(HTTPException, _http)
    for kind in (OperationalError, InterfaceError, TimeoutError):
        blueprint.register_error_handler(kind, _database)
    blueprint.register_error_handler(Exception, _unexpected)

    def below_prefix(error: HTTPException) -> ResponseReturnValue:
        """A path that no route has never reaches the blueprint's own handlers."""
        if request.path == prefix or request.path.startswith(f"{prefix}/"):
            return _http(error)
        return error

    blueprint.app_errorhandler(NotFound)(below_prefix)
    blueprint.app_errorhandler(MethodNotAllowed)(below_prefix)


def _http(error: HTTPException) -> Response:
    response = render(ApiError(_BY_STATUS.get(error.code or 500, "internal")))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _database(error: Exception) -> Response:
    log.warning("api: database unusable at %s: %s", request.endpoint, type(error).__name__)
    return render(ApiError("unavailable"))


def _unexpected(error: Exception) -> Response:
    # The message of an exception may hold what somebody wrote; its type and place are enough to find it.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("api: %s at %s\n%s", type(error).__name__, request.endpoint, where)
    return render(ApiError("internal"))
