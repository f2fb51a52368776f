"""One POST: bounded in time, in bytes and in where it goes."""

import time

import pytest

from portico.webhooks.sending import KEPT_CHARACTERS, NoAnswer, post

SOON = 0.4


def send(receiver, **facts):
    return post(url=receiver.url, body=b'{"a":1}', headers={"X-Of": "portico"}, **facts)


def test_it_arrives_as_it_was_given(receiver):
    receiver.status, receiver.text = 200, "thank you"
    answer = send(receiver)
    assert (answer.status, answer.text) == (200, "thank you")
    (call,) = receiver.calls
    assert (call.path, call.body, call.headers["x-of"]) == (
        "/hook?of=portico",
        b'{"a":1}',
        "portico",
    )


def test_a_redirect_is_an_answer_and_not_a_way(receiver):
    receiver.status = 307
    receiver.headers = {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}
    assert send(receiver).status == 307
    assert [call.path for call in receiver.calls] == ["/hook?of=portico"]


def test_no_more_of_an_answer_is_read_than_is_kept(receiver):
    receiver.status, receiver.text = 500, "¡" * 2_000_000
    assert send(receiver).text == "¡" * KEPT_CHARACTERS


def test_what_a_database_would_not_take_is_left_out(receiver):
    receiver.status, receiver.text = 400, "a\x00b\n\x1b[31mc"
    assert send(receiver).text == "a b  [31mc"


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_server_that_takes_its_time_is_cut_off(receiver, fault):
    """Also one that sends a byte now and then: what counts is the whole."""
    receiver.fault = fault
    began = time.monotonic()
    with pytest.raises(NoAnswer) as silence:
        send(receiver, seconds=SOON)
    assert silence.value.code == "timeout"
    assert time.monotonic() - began < 10 * SOON


def test_a_server_that_is_gone(receiver):
    receiver.fault = "drop"
    with pytest.raises(NoAnswer) as silence:
        send(receiver)
    assert silence.value.code == "connection"


def test_nobody_listens(settings, unused_port):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with pytest.raises(NoAnswer) as silence:
        post(url=f"http://127.0.0.1:{unused_port}/", body=b"{}", headers={})
    assert silence.value.code == "connection"


def test_https_to_a_server_without_a_certificate(receiver):
    with pytest.raises(NoAnswer) as silence:
        post(url=receiver.url.replace("http://", "https://"), body=b"{}", headers={})
    assert silence.value.code == "tls"


@pytest.mark.parametrize(("said", "seconds"), [("120", 120), ("-5", 0), ("Tue", 0), ("9" * 9, 0)])
def test_how_long_it_asks_us_to_wait(receiver, said, seconds):
    receiver.status, receiver.headers = 503, {"Retry-After": said}
    assert send(receiver).retry_after == seconds
