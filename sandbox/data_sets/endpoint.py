"""The endpoints of data sets: registrations, lock exceptions, approvals, the data entry form."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.data_sets import approvals, locks, registrations
from sandbox.data_sets.form import entry_form
from sandbox.entry.context import context_of
from sandbox.entry.import_options import import_options
from sandbox.entry.import_summary import summary_message
from sandbox.messages.envelopes import json_answer, web_message
from sandbox.messages.request import generation_of, json_of, parameter_lists, parameters


async def post_registrations(request: Request) -> Response:
    """Register complete data sets."""
    generation = generation_of(request)
    options = import_options(parameters(request), knows_atomic=generation.knows_atomic)
    entries = (await json_of(request)).get("completeDataSetRegistrations") or []
    report = registrations.register(
        context_of(request),
        entries,
        options,
        bad_period_ends_all=generation.bad_period_ends_the_list,
    )
    status, answer = summary_message(report, options.echo, warning=generation.warning)
    return json_answer(answer, status)


async def get_registrations(request: Request) -> Response:
    """List the registrations a query asks for."""
    return json_answer(registrations.registered(context_of(request), parameter_lists(request)))


async def delete_registrations(request: Request) -> Response:
    """Delete a registration."""
    registrations.unregister(context_of(request), parameters(request))
    return Response(status_code=204)


async def post_lock_exceptions(request: Request) -> Response:
    """Add a lock exception."""
    locks.add_lock_exception(context_of(request), parameters(request))
    return web_message(201, "LockException created successfully.")


async def get_lock_exceptions(request: Request) -> Response:
    """List the lock exceptions: always all of them, and always the three references."""
    fields = parameters(request).get("fields", "")
    listed = locks.lock_exceptions(
        context_of(request),
        with_period_ids=generation_of(request).periods_have_ids,
        with_dates="period" in fields.split(","),
    )
    return json_answer({"lockExceptions": listed})


async def delete_lock_exceptions(request: Request) -> Response:
    """Delete a lock exception."""
    locks.remove_lock_exception(context_of(request), parameters(request))
    return Response(status_code=204)


async def post_approvals(request: Request) -> Response:
    """Approve a data set."""
    approvals.approve(context_of(request), parameters(request))
    return Response(status_code=204)


async def get_approvals(request: Request) -> Response:
    """Show whether a data set is approved."""
    return json_answer(approvals.approval_state(context_of(request), parameters(request)))


async def get_entry_form(request: Request) -> Response:
    """Show what a data entry form needs to know of a cell."""
    return json_answer(entry_form(context_of(request), parameters(request)))


def routes() -> list[Route]:
    """The paths of this module."""
    table = [
        ("/api/completeDataSetRegistrations", get_registrations, "GET"),
        ("/api/completeDataSetRegistrations", post_registrations, "POST"),
        ("/api/completeDataSetRegistrations", delete_registrations, "DELETE"),
        ("/api/lockExceptions", post_lock_exceptions, "POST"),
        ("/api/lockExceptions", get_lock_exceptions, "GET"),
        ("/api/lockExceptions", delete_lock_exceptions, "DELETE"),
        ("/api/dataApprovals", post_approvals, "POST"),
        ("/api/dataApprovals", get_approvals, "GET"),
        ("/api/dataEntry/dataValues", get_entry_form, "GET"),
    ]
    return [Route(path, endpoint, methods=[method]) for path, endpoint, method in table]
