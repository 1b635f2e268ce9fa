"""Thumbnails of pictures in S3."""

from io import BytesIO
from typing import Any

import boto3
from PIL import Image, ImageOps
from pydantic import BaseModel, Field
from queuecraft import DoNotRetry, TaskContext, resource, task


class Picture(BaseModel):
    """A picture, and how wide its thumbnail is at most."""

    bucket: str
    key: str
    width: int = Field(default=320, ge=16, le=2000)


@resource
def s3() -> Any:
    """Make a client once in a worker."""
    return boto3.client("s3")


@task("thumbnail", retries=3, timeout_s=60)
def thumbnail(ctx: TaskContext, payload: Picture) -> dict[str, Any]:
    """Write a smaller copy of a picture into the same bucket."""
    original = s3().get_object(Bucket=payload.bucket, Key=payload.key)["Body"].read()
    ctx.progress(30, "fetched")
    content, size = shrunk(original, payload.width)
    key = f"thumbnails/{payload.width}/{payload.key}.webp"
    s3().put_object(Bucket=payload.bucket, Key=key, Body=content, ContentType="image/webp")
    return {"key": key, "size": size, "bytes": len(content)}


def shrunk(original: bytes, width: int) -> tuple[bytes, tuple[int, int]]:
    """Return a WebP of at most this width, upright, and its size in pixels."""
    try:
        with Image.open(BytesIO(original)) as picture:
            # a JPEG is decoded at about this size at once, which saves memory
            picture.draft("RGB", (width, width))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((width, upright.height))
            written = BytesIO()
            upright.save(written, "WEBP", quality=80)
    except (OSError, Image.DecompressionBombError) as error:
        raise DoNotRetry(f"not a picture: {error}") from error  # another try would end the same way
    return written.getvalue(), upright.size
