"""The sandbox is served on loopback only."""

import pytest

from sandbox.http.server import Sandbox, serve


def test_only_loopback_is_served(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="serves 127"):
        serve(sandbox.world, "2.43", host="0.0.0.0", port=0)  # noqa: S104 - what must not be
