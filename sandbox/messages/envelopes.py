"""The envelopes of an answer: DHIS2's web messages, HTML error pages, bare JSON."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import HTMLResponse, Response

from sandbox.state.timestamps import local_time
from sandbox.state.world import Job, Json

JSON_TYPE = "application/json;charset=UTF-8"
CSV_TYPE = "application/csv;charset=UTF-8"
NO_STORE = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate"}


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
    """`body` as JSON text with DHIS2's content type."""
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
    """DHIS2's envelope; members without a value are left out.

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
    """The page of the servlet container: what comes where no JSON was prepared."""
    title = f"HTTP Status {status} - {HTTPStatus(status).phrase}"
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p><b>Message</b> {message}</p></body></html>",
        status,
    )


def refusal_message(refusal: RefusalError) -> Response:
    """The web message of a refusal."""
    return web_message(refusal.status, refusal.message, code=refusal.code)


def job_initiated(job: Job, base_url: str) -> Response:
    """The web message that a job was started, and where to ask about it."""
    name = job_name(job)
    tasks = f"/api/system/tasks/{job.kind}"
    return web_message(
        200,
        f"Initiated {name}",
        response={
            "name": name,
            "id": job.id,
            "created": local_time(job.created),
            "jobType": job.kind,
            "jobStatus": "NOT_STARTED",
            "relativeNotifierEndpoint": f"{tasks}/{job.id}",
            "responseType": "JobConfigurationWebMessageResponse",
        },
        headers={"Location": base_url.rstrip("/") + tasks},
    )


def job_name(job: Job) -> str:
    """The name DHIS2 makes up for a job: its type and its creation in epoch milliseconds."""
    return f"{job.kind} ({int(job.created.timestamp() * 1000)})"
