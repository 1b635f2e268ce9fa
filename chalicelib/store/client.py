"""The MongoDB client, set up for durable writes and bounded waits."""

from __future__ import annotations

from typing import Any, Final

from bson.codec_options import CodecOptions
from pymongo import MongoClient, ReadPreference, WriteConcern
from pymongo.database import Database
from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

Document = dict[str, Any]

#: How long an operation looks for a primary before it gives up.
SERVER_SELECTION_MS: Final = 3_000
#: How long one operation may take in all, retries included.
OPERATION_MS: Final = 10_000
#: The code of a failed write whose key exists.
_DUPLICATE_KEY: Final = 11_000


def connect(uri: str) -> MongoClient[Document]:
    """A client that connects on first use. Each operation ends within ``OPERATION_MS``."""
    return MongoClient(
        uri,
        connect=False,
        tz_aware=True,
        serverSelectionTimeoutMS=SERVER_SELECTION_MS,
        connectTimeoutMS=2_000,
        socketTimeoutMS=OPERATION_MS,
        waitQueueTimeoutMS=3_000,
        maxPoolSize=20,
        retryWrites=True,
        retryReads=True,
        appname="queuecraft",
    )


def database(client: MongoClient[Document], name: str) -> Database[Document]:
    """The database with majority, journaled writes: what is acknowledged survives a failover.

    Reads go to the primary with local concern; each state change compares ``rev``, so a read that a failover
    undoes cannot lead to a wrong write.
    """
    return client.get_database(
        name,
        codec_options=CodecOptions(tz_aware=True),
        read_preference=ReadPreference.PRIMARY,
        write_concern=WriteConcern(w="majority", j=True, wtimeout=OPERATION_MS),
        read_concern=ReadConcern("majority"),
    )


def duplicates(error: BulkWriteError) -> list[int]:
    """Which documents of an insertion existed already, by index. Raises ``error`` if anything else went wrong, such as
    a majority that did not acknowledge in time."""
    failures = error.details["writeErrors"]
    if error.details["writeConcernErrors"] or any(failure["code"] != _DUPLICATE_KEY for failure in failures):
        raise error
    return [failure["index"] for failure in failures]
