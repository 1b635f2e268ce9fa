"""Upload the built dashboard to its bucket and invalidate CloudFront."""

import json
import mimetypes
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local.dashboard.server import HASHED

FOREVER = "public, max-age=31536000, immutable"
FRESH = "no-cache"


def publish(clients: Any, outputs: Mapping[str, str], stack: str, dist: Path) -> bool:
    """Upload the files of `dist` and `config.json`; return False if the stack has no dashboard or it is not built.

    Pages are uploaded last, so that none refers to a missing file. Files of earlier releases stay, for pages that are
    still open.
    """
    bucket = outputs.get("DashboardBucketName")
    if bucket is None or not (dist / "index.html").is_file():
        return False
    s3 = clients.client("s3")
    files = sorted((path for path in dist.rglob("*") if path.is_file()), key=lambda path: path.suffix == ".html")
    for path in files:
        s3.put_object(
            Bucket=bucket,
            Key=str(path.relative_to(dist)),
            Body=path.read_bytes(),
            ContentType=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            CacheControl=FOREVER if HASHED.search(path.name) else FRESH,
        )
    config = json.dumps({"websocketUrl": outputs["WebsocketUrl"], "stack": stack}).encode()
    s3.put_object(
        Bucket=bucket, Key="config.json", Body=config, ContentType="application/json", CacheControl="no-store"
    )
    if distribution := outputs.get("DistributionId"):
        clients.client("cloudfront").create_invalidation(
            DistributionId=distribution,
            InvalidationBatch={
                "Paths": {"Quantity": 2, "Items": ["/index.html", "/config.json"]},
                "CallerReference": str(time.time_ns()),
            },
        )
    return True
