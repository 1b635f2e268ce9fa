"""The MongoDB client, configured for durable writes and bounded waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bson import ObjectId
from bson.codec_options import CodecOptions
from pymongo import MongoClient, ReadPreference, WriteConcern
from pymongo.database import Database
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WaitQueueTimeoutError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern

from chalicelib.errors import MisconfiguredError

Document = dict[str, Any]

#: Time that an operation waits for a primary before it fails.
SERVER_SELECTION_MS: Final = 3_000
#: Time limit of one operation, including retries.
OPERATION_MS: Final = 10_000
#: Time that an operation waits for a connection of the pool before it fails.
POOL_WAIT_MS: Final = 3_000
#: Error code of a write whose key exists.
_DUPLICATE_KEY: Final = 11_000
_DOWN: Final = (ConnectionFailure, WTimeoutError, ExecutionTimeout, WaitQueueTimeoutError)
#: Codes of temporary refusals: missing rights, a full disk or quota, blocked writes, absent members, a time limit.
#: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
_REFUSALS: Final = frozenset(
    {
        6, 7, 13, 18, 24, 50, 64, 89, 91, 100, 112, 133, 134, 189, 202, 246, 251, 262, 371, 8_000, 9_001, 10_107,
        11_600, 11_602, 13_435, 13_436, 14_031,
    }
)  # fmt: skip
_WIRE_VERSION_6: Final = 17
_TRANSIENT: Final = ("RetryableWriteError", "TransientTransactionError")


def is_unavailable(error: Exception) -> bool:
    """Return whether the server is down or refuses temporarily; otherwise the operation itself was wrong."""
    if isinstance(error, BulkWriteError):
        failures = error.details["writeErrors"]
        return all(failure["code"] in _REFUSALS for failure in failures)
    if isinstance(error, OperationFailure) and error.code in _REFUSALS:
        return True
    return isinstance(error, PyMongoError) and (
        isinstance(error, _DOWN) or error.timeout or any(error.has_error_label(label) for label in _TRANSIENT)
    )


def connect(uri: str, connections: int) -> MongoClient[Document]:
    """Return a client that connects on first use. Each operation ends within ``OPERATION_MS``.

    It has at most ``connections`` to each server it uses, besides those that watch the servers. An operation that finds
    all of them in use waits up to ``POOL_WAIT_MS``.
    """
    return MongoClient(
        uri,
        connect=False,
        tz_aware=True,
        serverSelectionTimeoutMS=SERVER_SELECTION_MS,
        connectTimeoutMS=2_000,
        socketTimeoutMS=OPERATION_MS,
        waitQueueTimeoutMS=POOL_WAIT_MS,
        maxPoolSize=connections,
        retryWrites=True,
        retryReads=True,
        appname="queuecraft",
    )


def database(client: MongoClient[Document], name: str) -> Database[Document]:
    """Return the database with majority, journaled writes: acknowledged data survives a failover.

    Reads use the primary with local concern. Each change of state compares ``rev``, so a read that a failover undoes
    cannot cause a wrong write.
    """
    return client.get_database(
        name,
        codec_options=CodecOptions(tz_aware=True),
        read_preference=ReadPreference.PRIMARY,
        write_concern=WriteConcern(w="majority", j=True, wtimeout=OPERATION_MS),
        read_concern=ReadConcern("majority"),
    )


def require_replica_set(client: MongoClient[Document]) -> None:
    """Raise ``MisconfiguredError`` for a server without transactions and change streams, or one that is too old."""
    hello = client.admin.command("hello")
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise MisconfiguredError("MONGODB_URI must be a replica set (6 or newer), and names a standalone server")
    if hello["maxWireVersion"] < _WIRE_VERSION_6:
        raise MisconfiguredError("MONGODB_URI must be a replica set (6 or newer), and names an older one")


def duplicates(error: BulkWriteError) -> list[int]:
    """Return the indexes of documents of an insertion that existed already.

    Raises ``error`` if anything else failed, such as a majority that did not acknowledge in time.
    """
    failures = error.details["writeErrors"]
    if error.details["writeConcernErrors"] or any(failure["code"] != _DUPLICATE_KEY for failure in failures):
        raise error
    return [failure["index"] for failure in failures]


def merging(entries: Mapping[ObjectId, Document]) -> Document:
    """Return the stage of an update that merges into each record its entry, found by the record's id.

    One such update for many records takes less than half of the server's time that an update each does
    (``docs/decisions/040``), but the driver does not retry it, and the ids are searched one after the other.
    """
    ids, values = list(entries), list(entries.values())
    own = {"$arrayElemAt": [{"$literal": values}, {"$indexOfArray": [{"$literal": ids}, "$_id"]}]}
    return {"$replaceWith": {"$mergeObjects": ["$$ROOT", own]}}
