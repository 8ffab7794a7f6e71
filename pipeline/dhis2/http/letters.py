"""Letters about answers that did not come, or came in a state that nobody can use."""

import ssl
from datetime import timedelta

from pipeline.dhis2.http.receiving import CutShortError
from pipeline.text.errors import AnswerLostError, AnswerTimeoutError, ServerError, TooLargeError

HOST_MISMATCH = frozenset({62, 64})  # OpenSSL's numbers: another name, another IP address
OUT_OF_DATE = frozenset({9, 10})  # not yet valid, no longer valid


def is_distrust(fault: BaseException | None) -> bool:
    """Whether a certificate was refused, which no second attempt will change."""
    return _refused_certificate(fault) is not None


def _refused_certificate(fault: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while fault is not None:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return fault
        fault = fault.__cause__ or fault.__context__
    return None


def _distrusted(address: str, refused: ssl.SSLCertVerificationError) -> ServerError:
    if refused.verify_code in HOST_MISMATCH:
        what = "the server's certificate is for another host name than the address has"
        remedy = (
            "write the address with the name that the certificate has (a browser shows it), or "
            "ask who runs the server; checking cannot be switched off"
        )
    elif refused.verify_code in OUT_OF_DATE:
        what = "the server's certificate is out of date, or this machine's clock is wrong"
        remedy = "ask who runs the server for a new one; checking cannot be switched off"
    else:
        what = "the server's certificate is not trusted"
        remedy = "name its certificate authority in ca_bundle; checking cannot be switched off"
    return ServerError(what, where=address, remedy=remedy)


def unreachable(address: str, fault: Exception) -> ServerError:
    """The letter that says: the server cannot be talked to."""
    if refused := _refused_certificate(fault):
        return _distrusted(address, refused)
    if type(fault).__name__ == "ProxyError":
        return ServerError(
            "the proxy that the environment names did not let the request through",
            where=address,
            remedy="check HTTPS_PROXY and its login, or name the server in NO_PROXY",
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
