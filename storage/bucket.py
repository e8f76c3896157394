"""Which bucket, and whose access key: values that need no boto3."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class S3Credentials:
    """One access key; without it boto3 looks where it always looks (environment, role of the machine)."""

    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the objects lie; ``prefix`` has no slash at its ends, ``endpoint`` None means AWS itself."""

    name: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
