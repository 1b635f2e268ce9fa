"""Every Redis key of QueueCraft, in one place.

All keys share one hash tag, so a script can use all of them on Redis Cluster.
``PERSISTENT`` names the patterns that live without TTL; every other key expires (a test checks both).
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

#: Version of the keys that the scripts use. An older one in Redis is rebuilt from MongoDB; a process that finds a newer
#: one ends (``docs/decisions/055-layouts.md``).
LAYOUT: Final = 4


class Keys:
    """Builds the keys of one namespace (the hash tag)."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    @cached_property
    def prefix(self) -> str:
        return f"{{{self.namespace}}}:"

    # --- the queue -------------------------------------------------------------------------------------------
    @cached_property
    def epoch(self) -> str:
        """string: the epoch of the queue; absent after data loss, then the queue is closed"""
        return self.prefix + "queue:epoch"

    @cached_property
    def epoch_2(self) -> str:
        """string: the epoch of layout 2; never set, so processes of that layout find the queue closed"""
        return self.prefix + "epoch"

    @cached_property
    def seq(self) -> str:
        """string: sequence of the last event of this epoch"""
        return self.prefix + "seq"

    @cached_property
    def groups(self) -> str:
        """zset: group (``pool/tenant``) with lanes in the rotation → pool number · 2**46 + virtual time in 1/16 ms"""
        return self.prefix + "groups"

    @cached_property
    def lanes(self) -> str:
        """zset: group, NUL, virtual time in 1/16 ms (8 bytes) and lane, of each lane in the rotation; all score 0"""
        return self.prefix + "lanes"

    @cached_property
    def absent(self) -> str:
        """zset: group that left the rotation and stands behind those in it → as in ``groups``"""
        return self.prefix + "absent"

    @cached_property
    def costs(self) -> str:
        """hash: ``tenant/queue`` → average slot time of its jobs in ms; tenant → ``weight`` or ``weight|cap`` (its
        ``Share``)"""
        return self.prefix + "costs"

    @cached_property
    def turn_3(self) -> str:
        """string: counter of turns in layout 3"""
        return self.prefix + "turn"

    @cached_property
    def paused(self) -> str:
        """set: paused queues as ``tenant/queue``, paused tasks as ``tenant/~task.name``"""
        return self.prefix + "paused"

    @cached_property
    def special(self) -> str:
        """zset: ``tenant/queue``, NUL and lane, of lanes that have a number and limits or another pool; all score 0"""
        return self.prefix + "special"

    @cached_property
    def limits(self) -> str:
        """hash: ``scope/name``, ``scope/name:`` (instances with keys) → ``concurrency|interval in ms|burst|paused``"""
        return self.prefix + "limits"

    @cached_property
    def holders(self) -> str:
        """zset: limit instance (``instance_key``), NUL and id of a job that holds it, all with score 0"""
        return self.prefix + "holders"

    @cached_property
    def rates(self) -> str:
        """zset: limit instance → theoretical arrival time of its next job in ms (GCRA)"""
        return self.prefix + "rates"

    @cached_property
    def parked(self) -> str:
        """zset: limit instance or paused queue, NUL, place in the line (8 bytes) and lane that is parked there, all
        with score 0; the parts of a line are in ``parked.lua``"""
        return self.prefix + "parked"

    @cached_property
    def timed(self) -> str:
        """zset: limit instance with parked lanes → when its rate allows the next job, in ms"""
        return self.prefix + "timed"

    @cached_property
    def pools(self) -> str:
        """hash: pool → its number (the default one has 0), ``pool|fleet`` → slots that its workers may have"""
        return self.prefix + "pools"

    @cached_property
    def blocked(self) -> str:
        """set: jobs that wait for the ends of other jobs"""
        return self.prefix + "blocked"

    @cached_property
    def suspended(self) -> str:
        """zset: waiting job id → when it goes on at the latest, in ms"""
        return self.prefix + "suspended"

    @cached_property
    def ready(self) -> str:
        """zset: place (``Job.score``) and job id, as ``members.lua`` packs them → number of the lane"""
        return self.prefix + "ready"

    @cached_property
    def numbers(self) -> str:
        """hash: lane with ready jobs → its number and where it is (``lanes.lua``); ``last`` → the last number given"""
        return self.prefix + "numbers"

    @cached_property
    def scheduled(self) -> str:
        """zset: job id → due time in ms, of jobs that wait for ``run_at``"""
        return self.prefix + "scheduled"

    @cached_property
    def held(self) -> str:
        """zset: ``owner|due time in ms|job id`` of scheduled jobs that are due and held back, all with score 0"""
        return self.prefix + "held"

    @cached_property
    def layout(self) -> str:
        """string: the layout of the keys (``LAYOUT``); an older one is rebuilt"""
        return self.prefix + "layout"

    @cached_property
    def retrying(self) -> str:
        """zset: job id → due time in ms, of jobs that wait between attempts"""
        return self.prefix + "retrying"

    @cached_property
    def leases(self) -> str:
        """zset: job id → end of lease in ms"""
        return self.prefix + "leases"

    @cached_property
    def tokens(self) -> str:
        """hash: job id → ``token|state|score|estimate|lane`` of its lease; state is p (claimed) or r (running), and the
        estimate is the slot time in ms that its group was charged"""
        return self.prefix + "tokens"

    @cached_property
    def cancels(self) -> str:
        """zset: id of a running job to cancel → time of the request in ms"""
        return self.prefix + "cancels"

    @cached_property
    def intents(self) -> str:
        """zset: ``id|kind|submission id`` of a job whose record is about to change → time in ms"""
        return self.prefix + "intents"

    @cached_property
    def active_prefix(self) -> str:
        return self.prefix + "active:"

    def active(self, owner_id: str) -> str:
        """zset: job id → when its reservation expires in ms (+inf once enqueued); the owner's active jobs"""
        return self.active_prefix + owner_id

    def rate(self, owner_id: str) -> str:
        """zset: creation attempts of the sliding window (expires with it)"""
        return self.prefix + "rate:" + owner_id

    @cached_property
    def quotas(self) -> str:
        """hash: tenant → ``submissions a minute|open jobs`` it may have, 0 = no limit; absent: the settings' values"""
        return self.prefix + "quotas"

    def submissions(self, tenant_id: str) -> str:
        """hash: span of 5 s → jobs submitted for the tenant in it (expires)"""
        return self.prefix + "submissions:" + tenant_id

    # --- counts ----------------------------------------------------------------------------------------------
    @cached_property
    def counts_prefix(self) -> str:
        return self.prefix + "counts:"

    @cached_property
    def all_counts(self) -> str:
        """hash: counts of all jobs"""
        return self.counts("all")

    @cached_property
    def owner_counts_prefix(self) -> str:
        return self.counts("o:")

    @cached_property
    def tenant_counts_prefix(self) -> str:
        return self.counts("t:")

    @cached_property
    def queue_counts_prefix(self) -> str:
        return self.counts("q:")

    @cached_property
    def state_counts_prefix(self) -> str:
        return self.counts("s:")

    def counts(self, scope: str) -> str:
        """hash: jobs per state and totals, of ``o:<owner>``, ``t:<tenant>`` or ``all`` (``since``: see ``Census``);
        a tenant's open jobs per queue in ``q:<tenant>``, per ``queue|state`` in ``s:<tenant>``
        """
        return self.counts_prefix + scope

    # --- workers ---------------------------------------------------------------------------------------------
    @cached_property
    def workers(self) -> str:
        """zset: worker id → when it expires, in ms"""
        return self.prefix + "workers"

    @cached_property
    def slots(self) -> str:
        """hash: worker id → slots of the fleet that it holds, with ``|pool`` unless that is the default one"""
        return self.prefix + "slots"

    def worker(self, worker_id: str) -> str:
        """string: JSON of what a worker reports (expires)"""
        return self.prefix + "worker:" + worker_id

    @cached_property
    def waiting(self) -> str:
        """zset: worker with free slots that listens for work → number of the pool · 2**44 + until when, in ms"""
        return self.prefix + "waiting"

    @cached_property
    def wake_prefix(self) -> str:
        """pub/sub channels, not keys: with a worker's id after it, wakes that worker"""
        return self.prefix + "wake:"

    @cached_property
    def waking(self) -> str:
        """zset: pool of which a worker was just invoked → until when no other is, in ms (expires)"""
        return self.prefix + "invoked"

    @cached_property
    def waking_3(self) -> str:
        """string: a worker was just invoked, in layout 3 (expires)"""
        return self.prefix + "waking"

    # --- events ----------------------------------------------------------------------------------------------
    @cached_property
    def events(self) -> str:
        """stream: the capped event log; ids are ``epoch-sequence``"""
        return self.prefix + "events"

    @cached_property
    def log_bytes(self) -> str:
        """hash: bytes ever written to the log, and the last id in each megabyte of them"""
        return self.counts("log")

    @cached_property
    def log_shares(self) -> str:
        """hash: bytes that each tenant's logs and progress filled in this minute (expires)"""
        return self.counts("shares")

    # --- connections -----------------------------------------------------------------------------------------
    def connections(self, shard: int) -> str:
        """zset: connection id → when it expires, in ms"""
        return f"{self.prefix}conns:{shard}"

    @cached_property
    def connection_prefix(self) -> str:
        return self.prefix + "conn:"

    def connection(self, connection_id: str) -> str:
        """hash: owner, tenant, role, scope, last delivered event (expires)"""
        return self.connection_prefix + connection_id

    def connections_of(self, who: str) -> str:
        """set: connection ids of a user or tenant; some may have ended (expires)"""
        return self.prefix + "conns-of:" + who

    def manager(self, shard: int) -> str:
        """string: lease of the connection manager of a shard (expires)"""
        return f"{self.prefix}manager:{shard}"

    def manager_next(self, shard: int) -> str:
        """string: token of the manager that waits to take a shard over (expires)"""
        return f"{self.prefix}manager:{shard}:next"

    def manager_waking(self, shard: int) -> str:
        """string: a manager of the shard was just invoked (expires)"""
        return f"{self.prefix}manager:{shard}:waking"

    def manager_wake_channel(self, shard: int) -> str:
        """pub/sub channel, not a key: wakes a shard's manager to read its inbox; named as in older versions"""
        return f"{self.prefix}manager:{shard}:bell"

    def manager_cursor(self, shard: int) -> str:
        """string: id of the last event a shard's manager delivered (expires)"""
        return f"{self.prefix}manager:{shard}:cursor"

    def manager_inbox(self, shard: int) -> str:
        """list: requests of connections to their manager, such as replays (expires)"""
        return f"{self.prefix}manager:{shard}:inbox"

    def ticket(self, digest: str) -> str:
        """string: one-time ticket for the WebSocket (expires)"""
        return self.prefix + "ticket:" + digest

    # --- accounts --------------------------------------------------------------------------------------------
    def throttle(self, action: str, who: str) -> str:
        """string: attempts of log-in or sign-up in this window (expires)"""
        return f"{self.prefix}throttle:{action}:{who}"

    @cached_property
    def ticker(self) -> str:
        """string: who waits for what falls due (expires)"""
        return self.prefix + "ticker"

    # --- recovery --------------------------------------------------------------------------------------------
    @cached_property
    def rebuild(self) -> str:
        """string: lock of the process that rebuilds the queue from MongoDB (expires)"""
        return self.prefix + "queue:rebuild"

    @cached_property
    def rebuild_2(self) -> str:
        """string: the lock on rebuilds of layout 2; held for ever, so processes of that layout rebuild nothing"""
        return self.prefix + "rebuild"

    @cached_property
    def health(self) -> str:
        """string: written by health checks (expires)"""
        return self.prefix + "health"

    @cached_property
    def repaired(self) -> str:
        """string: the queue was rebuilt after a part of it was lost (expires)"""
        return self.prefix + "repaired"

    @cached_property
    def forgotten(self) -> str:
        """zset: id of a deleted job that was removed from the counts → when, in ms (expires)"""
        return self.prefix + "forgotten"

    @cached_property
    def quarantine(self) -> str:
        """list: entries that could not be read, the last 1,000 (expires)"""
        return self.prefix + "quarantine"

    @property
    def pattern(self) -> str:
        """Matches all keys of the namespace."""
        return self.prefix + "*"

    @property
    def by_owner(self) -> tuple[str, ...]:
        """Prefixes of the keys that a rebuild deletes by scanning: those of owners, and of the lanes of layout 2."""
        return self.active_prefix, self.counts_prefix, self.prefix + "ready:"

    @property
    def persistent(self) -> frozenset[str]:
        """Keys, or prefixes ending in ``:``, that live without TTL; each is bounded by open jobs or users."""
        return frozenset(
            {
                self.epoch, self.seq, self.groups, self.lanes, self.absent, self.costs, self.paused, self.scheduled,
                self.retrying, self.special, self.limits, self.holders, self.rates, self.parked, self.timed, self.pools,
                self.held, self.layout, self.leases, self.tokens, self.cancels, self.intents, self.workers, self.slots,
                self.waiting, self.events, self.blocked, self.suspended, self.ready, self.numbers, self.rebuild_2,
                self.quotas, self.active_prefix, self.counts_prefix,
            }
        )  # fmt: skip
