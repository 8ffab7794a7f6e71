"""Letters to the operator: what happened, where, what to do, and the exit code it ends with."""

from datetime import timedelta
from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended; one number, one meaning."""

    DONE = 0
    BUG = 1
    USAGE = 2
    CHANGES_PENDING = 3
    FINDINGS = 4
    REFUSED = 5
    PARTLY_LOADED = 6
    UNAVAILABLE = 7
    LOCKED = 8
    INTERRUPTED = 130
    TERMINATED = 143


class TallyError(Exception):
    """A fault the operator can act on.

    `what` tells what happened, `where` names the file and line, the URL's path or the id,
    `remedy` says what to do next. None of them ever holds a credential.
    """

    exit_code = ExitCode.BUG

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """The letter as the operator reads it."""
        parts = [self.what]
        if self.where:
            parts.append(f"  where: {self.where}")
        if self.remedy:
            parts.append(f"  to do: {self.remedy}")
        return "\n".join(parts)


class UsageError(TallyError):
    """The command, the configuration or a mapping table is not usable as written."""

    exit_code = ExitCode.USAGE


class FindingsError(TallyError):
    """The data or the findings are below the bar that was set."""

    exit_code = ExitCode.FINDINGS


class RefusedError(TallyError):
    """A guard said no, or the plan is stale, altered or foreign."""

    exit_code = ExitCode.REFUSED


class UnavailableError(TallyError):
    """A server is unreachable or not ready; the same command may work later."""

    exit_code = ExitCode.UNAVAILABLE


class LockedError(TallyError):
    """Another run of this transfer is under way."""

    exit_code = ExitCode.LOCKED


class ServerError(UnavailableError):
    """A server answered with something that cannot be used.

    `status` is the HTTP status (0 when no answer came), `code` DHIS2's own error code or "".
    """

    def __init__(
        self, what: str, *, where: str = "", remedy: str = "", status: int = 0, code: str = ""
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.status = status
        self.code = code


class IndicatorError(ServerError):
    """The server cannot run one program indicator; `indicator` is its id."""

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        remedy: str = "",
        status: int = 0,
        code: str = "",
        indicator: str = "",
    ) -> None:
        super().__init__(what, where=where, remedy=remedy, status=status, code=code)
        self.indicator = indicator


class TooLargeError(ServerError):
    """The server would not answer a question of this size; ask for less at a time."""


class LoginError(ServerError):
    """The server did not accept the credentials."""

    exit_code = ExitCode.USAGE


class MovedError(LoginError):
    """The server sends requests on to another address, which nobody followed."""


class BarrierError(TooLargeError):
    """Something before the server refused a question; one that is shorter may pass."""


class SettingsError(ServerError):
    """The server refuses for what was chosen or set up; later it refuses again."""

    exit_code = ExitCode.USAGE


class AnswerTimeoutError(TooLargeError):
    """The server took too long over a question; ask for less at a time."""


class AnswerLostError(ServerError):
    """A writing request was sent and no answer came: the server may have taken it or not.

    `wait` is how long something on the way asked to be left alone, if it did.
    """

    wait: timedelta | None = None


class RightsError(ServerError):
    """The account is known, and may not do this."""

    exit_code = ExitCode.USAGE
