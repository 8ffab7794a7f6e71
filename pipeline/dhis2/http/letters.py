"""Letters about answers that did not come, or came in a state that nobody can use."""

import ssl
from datetime import timedelta

from pipeline.dhis2.http.receiving import CutShortError
from pipeline.text.errors import AnswerLostError, AnswerTimeoutError, ServerError, TooLargeError


def is_distrust(fault: BaseException | None) -> bool:
    """Whether a certificate was refused, which no second attempt will change."""
    while fault is not None:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def unreachable(address: str, fault: Exception) -> ServerError:
    """The letter that says: the server cannot be talked to."""
    if is_distrust(fault):
        return ServerError(
            "the server's certificate is not trusted",
            where=address,
            remedy="name its certificate authority in ca_bundle; checking cannot be switched off",
        )
    return ServerError(
        f"the server cannot be reached, or broke off ({type(fault).__name__})",
        where=address,
        remedy="check the address and the connection, then run the same command again",
    )


def late(address: str, patience: timedelta) -> AnswerTimeoutError:
    """The letter that says: the server said nothing for too long."""
    return AnswerTimeoutError(
        f"the server said nothing for {patience.total_seconds():g} seconds",
        where=address,
        remedy="run the same command again later, or raise read_timeout in transfer.toml",
    )


def cut_short(address: str, fault: CutShortError) -> ServerError:
    """The letter that says: the answer is not whole."""
    return ServerError(
        f"the answer cannot be used: {fault}",
        where=address,
        remedy="run the same command again; if this stays, ask who runs the proxy between",
    )


def overflowing(address: str, limit: int) -> TooLargeError:
    """The letter that says: the answer is larger than agreed."""
    return TooLargeError(
        f"the answer is larger than {limit / 2**20:g} MiB",
        where=address,
        remedy="raise max_answer_mebibytes in transfer.toml, or choose fewer periods",
    )


def lost(address: str, what: str, wait: timedelta | None = None) -> AnswerLostError:
    """The letter that says: nobody knows what became of a write."""
    letter = AnswerLostError(
        f"{what}; the server may have taken what was sent, or not",
        where=address,
        remedy="run the same command again: what arrived is read back first",
    )
    letter.wait = wait
    return letter
