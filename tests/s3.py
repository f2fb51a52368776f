"""An S3 that runs, on this machine alone: moto's server, asked over HTTP by the real client."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from portico.settings.document_storage import document_storage


@contextmanager
def running_bucket() -> Iterator[dict[str, Any]]:
    """The `documents` entry of STORAGES for a new and empty bucket."""
    name = f"papers-{uuid.uuid4()}"  # what moto holds outlives its server
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as environment:
        for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(key, "of-the-tests")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        server.start()
        try:
            host, port = server.get_host_and_port()
            endpoint = f"http://{host}:{port}"
            boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=name)
            yield document_storage(folder="", bucket=name, endpoint=endpoint)
        finally:
            server.stop()
