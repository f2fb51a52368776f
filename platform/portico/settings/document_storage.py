"""Where documents are kept: a folder of this machine, or a bucket that speaks S3."""

from typing import Any


def document_storage(*, folder: str, bucket: str = "", endpoint: str = "") -> dict[str, Any]:
    """The `documents` entry of STORAGES. With a *bucket* the extra `portico[s3]` is needed.

    Keys of the bucket come the way boto3 looks for them: AWS_ACCESS_KEY_ID and so on, or
    the machine's own role. Files have no address of their own: the site hands them out.
    """
    if bucket:
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": bucket,
                "endpoint_url": endpoint or None,
                "default_acl": None,  # as the bucket has it: private
                "file_overwrite": False,
            },
        }
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": folder,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }
