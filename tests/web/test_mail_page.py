"""The letters of a laptop, shown as text: links work, markup does not."""

from __future__ import annotations

from flask.testing import FlaskClient

from consult.config import Config
from consult.mail import deliver


def test_letters_are_shown_as_text(client: FlaskClient, config: Config) -> None:
    assert client.get("/dev/mail").status_code == 200
    deliver(
        config,
        987_654_321,
        "amal@test.example",
        "Receipt <b>",
        "Look: {BASE_URL}/rules\n<script>x</script>\n",
    )
    page = client.get("/dev/mail").text
    assert "Receipt &lt;b&gt;" in page
    assert 'href="http://localhost/rules"' in page
    assert "<script>x" not in page
