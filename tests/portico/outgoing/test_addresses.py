"""No address leads into our own network, whatever it is called and whatever it becomes."""

import socket

import pytest

from portico.outgoing.addresses import (
    Allowed,
    NotCallable,
    find_places,
    is_public,
    read_target,
)
from portico.outgoing.asking import ask
from tests.receiver import Receiver

PUBLIC_ONLY = Allowed(ports=frozenset({443, 8443}))

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254",  # where clouds tell a machine its secrets
    "100.64.0.1", "0.0.0.0", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::",
    "2002:c0a8:101::1", "2001:0:7f00:1::",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]


def resolver(*addresses: str):
    """A name server that answers *addresses*, counting how often it is asked."""
    asked = []

    def resolve(host, port, **kwargs):
        asked.append(host)
        families = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in addresses]
        return [
            (family, socket.SOCK_STREAM, 6, "", (address, port))
            for family, address in zip(families, addresses, strict=True)
        ]

    resolve.asked = asked
    return resolve


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_for_a_private_address_is_refused(address):
    target = read_target("https://hook.example.org/", PUBLIC_ONLY)
    with pytest.raises(NotCallable) as refusal:
        find_places(target, PUBLIC_ONLY, resolve=resolver(address))
    assert refusal.value.code == "private"


def test_one_private_address_among_public_ones_is_enough():
    target = read_target("https://hook.example.org/", PUBLIC_ONLY)
    with pytest.raises(NotCallable):
        find_places(target, PUBLIC_ONLY, resolve=resolver("8.8.8.8", "10.0.0.1"))
    assert (
        len(find_places(target, PUBLIC_ONLY, resolve=resolver("8.8.8.8", "2606:2800:21f:cb07::1")))
        == 2
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://127.1/", "https://2130706433/",
        "https://0x7f000001/", "https://0177.0.0.1/", "https://[::1]/", "https://[::ffff:7f00:1]/",
        "https://0/", "https://169.254.169.254/latest/meta-data/", "https://[fe80::1%25eth0]/",
    ],
)  # fmt: skip
def test_ways_to_write_this_machine(url):
    """The system's own resolver reads them as a browser would, or not at all."""
    with pytest.raises(NotCallable) as refusal:
        find_places(read_target(url, PUBLIC_ONLY), PUBLIC_ONLY)
    assert refusal.value.code in ("private", "unknown_host")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hook.example.org/", "https"),
        ("ftp://hook.example.org/", "https"),
        ("file:///etc/passwd", "url"),
        ("hook.example.org", "url"),
        ("https:///path", "url"),
        ("", "url"),
        ("https://hook.example.org:99999/", "url"),
        ("https://[::1/", "url"),
        ("https://hook.example.org/a b", "url"),
        ("https://hook.example.org/a\r\nX-Evil: 1", "url"),
        ("https://hook.example.org/#part", "url"),
        ("https://user:secret@hook.example.org/", "url"),
        ("https://hook.example.org@127.0.0.1/", "url"),
        ("https://" + "a" * 64 + ".example.org/", "url"),
        ("https://hook.example.org:22/", "port"),
        ("https://hook.example.org:5432/", "port"),
    ],
)
def test_what_is_no_address_to_call(url, code):
    with pytest.raises(NotCallable) as refusal:
        read_target(url, PUBLIC_ONLY)
    assert (refusal.value.code, refusal.value.field) == (code, "url")


def test_an_address_taken_apart():
    target = read_target("https://Hook.Example.org:8443/in/box?of=portico", PUBLIC_ONLY)
    assert (target.host, target.port, target.is_tls) == ("hook.example.org", 8443, True)
    assert target.path == "/in/box?of=portico"
    assert read_target("https://käse.example.org", PUBLIC_ONLY).host == "xn--kse-qla.example.org"


def test_no_server_of_that_name():
    def nobody(*args, **kwargs):
        raise socket.gaierror

    with pytest.raises(NotCallable) as refusal:
        find_places(
            read_target("https://hook.example.org/", PUBLIC_ONLY), PUBLIC_ONLY, resolve=nobody
        )
    assert refusal.value.code == "unknown_host"


def test_a_name_is_asked_once_and_called_where_it_was():
    """DNS rebinding: the second answer, another address, is never asked for."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    def changing(host, port, **kwargs):
        return resolver(*next(answers))(host, port)

    with Receiver() as receiver:
        answer = ask(
            url=f"http://hook.example.org:{receiver.port}/hook",
            allowed=Allowed(private=True),
            seconds=5,
            most_bytes=10,
            method="POST",
            body=b"{}",
            resolve=changing,
        )
    assert answer.status == 204
    assert receiver.calls[0].headers["host"] == f"hook.example.org:{receiver.port}"
    assert list(answers) == [["127.0.0.2"]]


def test_a_name_that_has_become_private_is_not_called():
    with Receiver() as receiver, pytest.raises(NotCallable) as refusal:
        ask(
            url=f"https://hook.example.org:{receiver.port}/",
            allowed=Allowed(),
            seconds=5,
            most_bytes=10,
            resolve=resolver("127.0.0.1"),
        )
    assert refusal.value.code == "private"
    assert receiver.calls == []
