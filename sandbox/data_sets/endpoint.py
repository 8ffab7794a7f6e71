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


async def register(request: Request) -> Response:
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


async def list_registrations(request: Request) -> Response:
    """List the registrations a query asks for."""
    return json_answer(registrations.registered(context_of(request), parameter_lists(request)))


async def delete_registration(request: Request) -> Response:
    """Delete a registration."""
    registrations.delete_registration(context_of(request), parameters(request))
    return Response(status_code=204)


async def add_lock_exception(request: Request) -> Response:
    """Add a lock exception."""
    locks.add_lock_exception(context_of(request), parameters(request))
    return web_message(201, "LockException created successfully.")


async def list_lock_exceptions(request: Request) -> Response:
    """List the lock exceptions; always all of them, and always the three references."""
    return json_answer({"lockExceptions": locks.lock_exceptions(context_of(request))})


async def delete_lock_exception(request: Request) -> Response:
    """Delete a lock exception."""
    locks.delete_lock_exception(context_of(request), parameters(request))
    return Response(status_code=204)


async def approve(request: Request) -> Response:
    """Approve a data set."""
    approvals.approve(context_of(request), parameters(request))
    return Response(status_code=204)


async def approval_state(request: Request) -> Response:
    """Show whether a data set is approved."""
    return json_answer(approvals.approval_state(context_of(request), parameters(request)))


async def data_entry_form(request: Request) -> Response:
    """Show what a data entry form needs to know of a cell."""
    return json_answer(entry_form(context_of(request), parameters(request)))


def routes() -> list[Route]:
    """The paths of this module."""
    table = [
        ("/api/completeDataSetRegistrations", list_registrations, "GET"),
        ("/api/completeDataSetRegistrations", register, "POST"),
        ("/api/completeDataSetRegistrations", delete_registration, "DELETE"),
        ("/api/lockExceptions", add_lock_exception, "POST"),
        ("/api/lockExceptions", list_lock_exceptions, "GET"),
        ("/api/lockExceptions", delete_lock_exception, "DELETE"),
        ("/api/dataApprovals", approve, "POST"),
        ("/api/dataApprovals", approval_state, "GET"),
        ("/api/dataEntry/dataValues", data_entry_form, "GET"),
    ]
    return [Route(path, endpoint, methods=[method]) for path, endpoint, method in table]
