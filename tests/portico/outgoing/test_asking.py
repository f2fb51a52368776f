"""One request: bounded in time, in bytes and in where it goes."""

import socket
import time
from collections.abc import Iterator

import pytest

from portico.outgoing.addresses import Allowed
from portico.outgoing.asking import Answer, NoAnswer, ask
from tests.receiver import Receiver

SOON = 0.4


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def post(url: str, **facts) -> Answer:
    terms = {"seconds": 10, "most_bytes": 100} | facts
    return ask(url=url, allowed=Allowed(private=True), method="POST", body=b'{"a":1}', **terms)


def test_it_arrives_as_it_was_given(receiver):
    receiver.status, receiver.text = 200, "thank you"
    receiver.headers = {"X-Said": "yes"}
    answer = post(receiver.url, headers={"X-Of": "portico"})
    assert (answer.status, answer.body, answer.headers["x-said"]) == (200, b"thank you", "yes")
    (call,) = receiver.calls
    assert (call.path, call.body) == ("/hook?of=portico", b'{"a":1}')
    assert call.headers["x-of"] == "portico"


def test_a_redirect_is_an_answer_and_not_a_way(receiver):
    receiver.status = 307
    receiver.headers = {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}
    assert post(receiver.url).status == 307
    assert [call.path for call in receiver.calls] == ["/hook?of=portico"]


def test_no_more_of_an_answer_is_read_than_is_wanted(receiver):
    receiver.status, receiver.text = 500, "a" * 5_000_000
    assert post(receiver.url).body == b"a" * 100


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_server_that_takes_its_time_is_cut_off(receiver, fault):
    """Also one that sends a byte now and then: what counts is the whole."""
    receiver.fault = fault
    began = time.monotonic()
    with pytest.raises(NoAnswer) as silence:
        post(receiver.url, seconds=SOON)
    assert silence.value.code == "timeout"
    assert time.monotonic() - began < 10 * SOON


def test_a_server_that_is_gone(receiver):
    receiver.fault = "drop"
    with pytest.raises(NoAnswer) as silence:
        post(receiver.url)
    assert silence.value.code == "connection"


def test_nobody_listens():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        with pytest.raises(NoAnswer) as silence:
            post(f"http://127.0.0.1:{port}/")
    assert silence.value.code == "connection"


def test_https_to_a_server_without_a_certificate(receiver):
    with pytest.raises(NoAnswer) as silence:
        post(receiver.url.replace("http://", "https://"))
    assert silence.value.code == "tls"
