from io import BytesIO

import pytest
from PIL import Image
from queuecraft_testing import QueueCraft

from tasks import pictures


class Bucket(dict[str, bytes]):
    """What the task calls of S3, in memory."""

    def get_object(self, Bucket: str, Key: str) -> dict[str, BytesIO]:
        return {"Body": BytesIO(self[Key])}

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:
        self[Key] = Body


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    made = Bucket()
    monkeypatch.setattr(pictures, "s3", lambda: made)
    return made


def a_picture(width: int, height: int) -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), "teal").save(written, "JPEG")
    return written.getvalue()


def test_a_thumbnail_keeps_the_proportions(qc: QueueCraft, bucket: Bucket) -> None:
    bucket["cat.jpg"] = a_picture(1600, 1200)
    result = qc.run("thumbnail", {"bucket": "shop", "key": "cat.jpg", "width": 400})
    assert result["size"] == [400, 300]
    with Image.open(BytesIO(bucket["thumbnails/400/cat.jpg.webp"])) as small:
        assert (small.format, small.size) == ("WEBP", (400, 300))


def test_a_small_picture_is_not_enlarged(qc: QueueCraft, bucket: Bucket) -> None:
    bucket["dot.jpg"] = a_picture(20, 10)
    assert qc.run("thumbnail", {"bucket": "shop", "key": "dot.jpg"})["size"] == [20, 10]


def test_what_is_no_picture_is_not_tried_again(qc: QueueCraft, bucket: Bucket) -> None:
    bucket["notes.jpg"] = b"milk, bread"
    job = qc.submit("thumbnail", {"bucket": "shop", "key": "notes.jpg"})
    qc.drain(advance=True)
    assert (job.status, job.record.attempt) == ("dlq", 1)
