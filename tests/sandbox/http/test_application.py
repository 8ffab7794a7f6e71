"""What no handler answers is a page."""

import httpx


def test_a_path_nobody_knows_is_a_page(client: httpx.Client) -> None:
    answer = client.get("/api/noSuchThing")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
