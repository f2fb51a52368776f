"""What the log keeps of an answer."""

import pytest

from portico.webhooks.sending import KEPT_CHARACTERS, post


def send(receiver):
    return post(url=receiver.url, body=b"{}", headers={})


def test_the_beginning_of_its_text(receiver):
    receiver.status, receiver.text = 500, "¡" * 2_000
    answer = send(receiver)
    assert (answer.status, answer.text) == (500, "¡" * KEPT_CHARACTERS)


def test_what_a_database_would_not_take_is_left_out(receiver):
    receiver.status, receiver.text = 400, "a\x00b\n\x1b[31mc"
    assert send(receiver).text == "a b  [31mc"


@pytest.mark.parametrize(("said", "seconds"), [("120", 120), ("-5", 0), ("Tue", 0), ("9" * 9, 0)])
def test_how_long_it_asks_us_to_wait(receiver, said, seconds):
    receiver.status, receiver.headers = 503, {"Retry-After": said}
    assert send(receiver).retry_after == seconds
