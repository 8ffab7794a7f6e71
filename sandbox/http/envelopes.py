"""How the sandbox speaks: DHIS2's JSON web messages, its HTML error pages, its bare JSON."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import HTMLResponse, Response

Json = dict[str, Any]

JSON_TYPE = "application/json;charset=UTF-8"


class RefusalError(Exception):
    """A request the server refuses; it becomes a web message."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


def json_answer(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Give `body` as JSON text with DHIS2's content type."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, headers=headers, media_type=JSON_TYPE)


def web_message(
    status: int,
    message: str = "",
    *,
    code: str = "",
    level: str = "",
    dev_message: str = "",
    response: Json | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give DHIS2's envelope; members without a value are left out.

    `level` is OK, WARNING or ERROR; left empty it follows from the status.
    """
    envelope: Json = {
        "httpStatus": HTTPStatus(status).phrase,
        "httpStatusCode": status,
        "status": level or ("OK" if status < HTTPStatus.BAD_REQUEST else "ERROR"),
        "message": message,
        "devMessage": dev_message,
        "errorCode": code,
        "response": response,
    }
    present = {name: member for name, member in envelope.items() if member not in ("", None)}
    return json_answer(present, status, headers)


def html_page(status: int, message: str = "") -> Response:
    """Give the page of the servlet container: what comes where no JSON was prepared."""
    title = f"HTTP Status {status} - {HTTPStatus(status).phrase}"
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p><b>Message</b> {message}</p></body></html>",
        status,
    )


def refused(refusal: RefusalError) -> Response:
    """Give the web message of a refusal."""
    return web_message(refusal.status, refusal.message, code=refusal.code)
