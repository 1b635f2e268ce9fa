"""Turns, limits and parked lanes in plain Python: the reference for the scripts.

One pool. Numbers of lanes are left out: only whether a lane has one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from chalicelib.queue.lanes import CAP, instance_key
from chalicelib.queue.limit_instances import Definition
from chalicelib.queue.shares import Share

UNIT = 16
FURTHEST = 2**22 * UNIT
TURN = 1000


class Parts(NamedTuple):
    """The parts of a lane's name, as in ``names.lua``."""

    group: str
    tenant: str
    source: str
    instances: tuple[str, ...]


def parts(lane: str) -> Parts:
    pool, tenant, queue, *rest = lane.split("/", 3)
    texts = rest[0].split("\x1f") if rest else []
    return Parts(f"{pool}/{tenant}", tenant, f"{tenant}/{queue}", tuple(instance_key(tenant, each) for each in texts))


def waiting(lane: str) -> str:
    """The lane in which a job waits, by that of its lease."""
    pool, tenant, queue, *rest = lane.split("/", 3)
    texts = [each for each in (rest[0].split("\x1f") if rest else []) if each != CAP]
    return "/".join([pool, tenant, queue, *(["\x1f".join(texts)] if texts else [])])


class Turns:
    """Which lane is next. ``count`` returns how many jobs are ready in a lane."""

    def __init__(self, now: Callable[[], int], count: Callable[[str], int]) -> None:
        self.now, self.count = now, count
        self.groups: dict[str, float] = {}
        self.lanes: dict[str, dict[str, int]] = {}
        self.absent: dict[str, float] = {}
        self.averages: dict[str, float] = {}
        self.shares: dict[str, Share] = {}
        self.where: dict[str, str] = {}
        self.paused: set[str] = set()
        self.limits: dict[str, Definition] = {}
        self.holders: set[tuple[str, str]] = set()
        self.rates: dict[str, float] = {}
        #: Instance → when its rate last had all that it allows.
        self.busy: dict[str, int] = {}
        self.timed: dict[str, int] = {}
        #: Instance or paused queue → (tag, lane), or for shared ones (tag, group).
        self.parked: dict[str, list[tuple[int, str]]] = {}
        self.kicks: list[str] = []

    # --- rotation --------------------------------------------------------------------------------------------
    def head(self) -> float | None:
        return min(self.groups.values(), default=None)

    def next_group(self) -> str | None:
        return min(self.groups, key=lambda each: (self.groups[each], each), default=None)

    def estimate(self, source: str) -> int:
        return max(1, math.floor(self.averages.get(source, 100) + 0.5))

    def add(self, lane: str) -> None:
        """A job became ready in a lane."""
        if lane not in self.where:
            self.where[lane] = ""
            self.enter(lane)

    def enter(self, lane: str) -> None:
        at = parts(lane)
        others = self.lanes.setdefault(at.group, {})
        if others:
            others[lane] = min(others.values()) + self.estimate(at.source) * UNIT
            return
        others[lane] = 0
        head, score = self.head(), 0.0
        if head is not None:
            own = self.absent.pop(at.group, None)
            score = max(head, min(head if own is None else own, head + FURTHEST))
        self.groups[at.group] = score

    def remember(self, group: str, score: float) -> None:
        head = self.head()
        if head is not None and score > head:
            self.absent[group] = float(f"{score:.0f}")
        self.absent = {} if head is None else {name: tag for name, tag in self.absent.items() if tag > head}

    def charge(self, group: str, ms: float) -> None:
        head = self.head()
        if head is None or ms == 0:
            return
        change = ms * UNIT / self.share(group.split("/")[1]).weight
        if group in self.groups:
            self.groups[group] = max(0.0, self.groups[group] + float(f"{change:.0f}"))
        else:
            self.remember(group, self.absent.pop(group, head) + change)

    # --- shares ----------------------------------------------------------------------------------------------
    def share(self, tenant: str) -> Share:
        return self.shares.get(tenant, Share())

    def leased(self, lane: str) -> str:
        """The lane of a lease on a job of ``lane``."""
        pool, tenant, queue, *rest = lane.split("/", 3)
        if not self.share(tenant).cap:
            return lane
        return "/".join([pool, tenant, queue, "\x1f".join([CAP, *rest])])

    def set_share(self, tenant: str, share: Share) -> None:
        """The caller counts the leases before the first cap."""
        self.shares[tenant] = share
        self.kick(f"{tenant}/{CAP}")

    # --- limits ----------------------------------------------------------------------------------------------
    def room(self, key: str) -> tuple[float, int | None]:
        scope, _, rest = key.partition("/")
        if rest == CAP:
            cap = self.share(scope).cap
            return (max(0, cap - self.held(key)) if cap else math.inf), None
        name, colon, _ = rest.partition(":")
        found = self.limits.get(f"{scope}/{name}{colon}") or self.limits.get(f"*/{name}{colon}")
        if found is None:
            return math.inf, None
        if found.paused:
            return 0, None
        room = math.inf if found.concurrency is None else max(0, found.concurrency - self.held(key))
        if room < 1 or not found.interval_ms:
            return room, None
        tat = min(self.rates.get(key, 0.0), self.now() + found.burst * found.interval_ms)
        allowed = math.floor(found.burst - max(tat - self.now(), 0) / found.interval_ms + 1e-9)
        if allowed < 1:
            return 0, math.ceil(tat - (found.burst - 1) * found.interval_ms)
        return min(room, allowed), None

    def held(self, key: str) -> int:
        return sum(1 for instance, _ in self.holders if instance == key)

    def interval(self, key: str) -> tuple[float, int] | None:
        scope, _, rest = key.partition("/")
        name, colon, _ = rest.partition(":")
        found = self.limits.get(f"{scope}/{name}{colon}") or self.limits.get(f"*/{name}{colon}")
        return (found.interval_ms, found.burst) if found and found.interval_ms else None

    def begin(self, key: str, jobs: int) -> None:
        rate = self.interval(key)
        if rate is not None and jobs:
            tat = min(self.rates.get(key, 0.0), self.now() + rate[0] * rate[1])
            if tat <= self.now():
                self.busy[key] = self.now()
            self.rates[key] = max(tat, self.now()) + jobs * rate[0]

    def give_back(self, key: str, since: int) -> None:
        rate = self.interval(key)
        if rate is not None and since >= self.busy.get(key, math.inf):
            tat = min(self.rates.get(key, 0.0), self.now() + rate[0] * rate[1])
            self.rates[key] = max(float(self.now()), tat - rate[0])

    def all_rates(self) -> dict[str, float]:
        """As in the key `rates`."""
        return {**self.rates, **{f"{key}\x01": 1e13 + at for key, at in self.busy.items()}}

    # --- parked lanes ----------------------------------------------------------------------------------------
    def park(self, lane: str, key: str, due: int | None = None) -> None:
        self.where[lane] = "p"
        if due is not None:
            self.timed[key] = due
        own = key
        if key.startswith("*/"):
            group = parts(lane).group
            own = f"{key}\x01{group}"
            if not self.parked.get(own):
                line = self.parked.setdefault(key, [])
                line.append((min(line)[0] + TURN if line else 0, group))
        line = self.parked.setdefault(own, [])
        line.append((max(line)[0] + 1 if line else 0, lane))

    def next_parked(self, key: str) -> str | None:
        line = self.parked.get(key, [])
        if not line:
            return None
        first = min(line)
        line.remove(first)
        if not key.startswith("*/"):
            return first[1]
        own = self.parked[f"{key}\x01{first[1]}"]
        lane = min(own)
        own.remove(lane)
        if own:
            turn = math.ceil(TURN / self.share(first[1].partition("/")[2]).weight)
            line.append((first[0] + turn, first[1]))
        return lane[1]

    def let_in(self, lane: str) -> None:
        self.where[lane] = ""
        self.enter(lane)

    def kick(self, key: str) -> None:
        if not self.parked.get(key):
            return
        room, due = self.room(key)
        if due is not None:
            self.timed[key] = due
        scope, _, rest = key.partition("/")
        is_lifted = rest == CAP and not self.share(scope).cap
        while room > 0 and (lane := self.next_parked(key)):
            if self.count(lane):
                self.let_in(lane)
                if not is_lifted:
                    return
                continue
            del self.where[lane]

    def resume(self, source: str) -> None:
        while source not in self.paused and (lane := self.next_parked(f"{source}\x04")):
            if self.count(lane):
                self.let_in(lane)
            else:
                del self.where[lane]

    def kick_due(self) -> None:
        for key in sorted(self.timed, key=lambda each: (self.timed[each], each)):
            if self.timed[key] <= self.now():
                del self.timed[key]
                self.kick(key)

    def kick_noted(self) -> None:
        kicks, self.kicks = [*dict.fromkeys(self.kicks)], []
        for key in kicks:
            self.kick(key)

    def kick_parked(self, scope: str | None = None, name: str = "") -> None:
        """As the sweep does, and a definition of the limit ``name`` of ``scope`` (``None``: all)."""
        owners = {key.partition("\x01")[0] for key, line in self.parked.items() if line}
        for key in sorted(owners):
            own, _, rest = key.partition("/")
            limit, colon, _ = rest.partition(":")
            if scope in {None, own} and name in {"", f"{limit}{colon}"}:
                if key[-1] == "\x04":
                    self.resume(key[:-1])
                else:
                    self.kick(key)
        self.rates = {key: tat for key, tat in self.rates.items() if tat > self.now()}
        self.busy = {key: at for key, at in self.busy.items() if key in self.rates}

    def drop_emptied(self) -> None:
        """Parked lanes without jobs leave, and groups without lanes."""
        for key, line in self.parked.items():
            shared, is_of_group, group = key.partition("\x01")
            if key.startswith("*/") and not is_of_group:
                continue
            for place in [each for each in line if not self.count(each[1])]:
                line.remove(place)
                del self.where[place[1]]
                if is_of_group and not line:
                    self.parked[shared] = [each for each in self.parked[shared] if each[1] != group]

    # --- claim -----------------------------------------------------------------------------------------------
    def serve(self, share: int, free: int, take: Callable[[str, int], list[str]]) -> list[str] | None:
        """Give the turn to the next group; return the jobs that were taken, ``None`` if a job with a rate is next."""
        group = self.next_group()
        assert group is not None
        row = self.lanes[group]
        found = sorted(row, key=lambda each: (row[each], each))[:share]
        each_, spent = math.ceil(share / len(found)), 0
        got: list[str] = []
        cut = False
        for lane in found:
            jobs = self.turn(lane, min(each_, share - len(got)), free - len(got), take)
            if jobs is None:
                cut = True
                break
            cost = len(jobs) * self.estimate(parts(lane).source)
            spent += cost
            got += jobs
            if self.where.get(lane) == "":
                row[lane] += cost * UNIT
            else:
                del row[lane]
            if len(got) >= share:
                break
        score = self.groups[group] + math.ceil(spent * UNIT / self.share(parts(found[0]).tenant).weight)
        if row:
            self.groups[group] = score
        else:
            del self.groups[group]
            self.remember(group, score)
        self.kick_noted()
        return None if cut else got

    def turn(self, lane: str, most: int, free: int, take: Callable[[str, int], list[str]]) -> list[str] | None:
        at = parts(self.leased(lane))
        if at.source in self.paused:
            return self.block(lane, f"{at.source}\x04", None)
        dry: tuple[int, str] | None = None
        for key in at.instances:
            room, due = self.room(key)
            if room < 1 and due is None:
                return self.block(lane, key, None)
            if due is not None and (dry is None or due > dry[0]):
                dry = due, key
            most = int(min(most, room))
        if dry:
            return self.block(lane, dry[1], dry[0])
        if any(self.interval(key) for key in at.instances) and (most := min(most, free)) < 1:
            return None
        jobs = take(lane, most)
        for key in at.instances:
            self.begin(key, len(jobs))
            self.holders |= {(key, job_id) for job_id in jobs}
            self.kicks.append(key)
        if not self.count(lane):
            del self.where[lane]
        return jobs

    def block(self, lane: str, key: str, due: int | None) -> list[str]:
        self.park(lane, key, due)
        self.kicks += [other for other in parts(self.leased(lane)).instances if other != key]
        return []

    # --- ends ------------------------------------------------------------------------------------------------
    def release(self, job_id: str, lane: str) -> None:
        for key in parts(lane).instances:
            self.holders.discard((key, job_id))
            self.kicks.append(key)

    def use(self, lane: str, used: int, estimated: int, *, is_open: bool) -> None:
        """As ``use.lua``; ``is_open``: the queue has open jobs."""
        source = parts(lane).source
        if not is_open:
            self.averages.pop(source, None)
        elif used:
            before = self.averages.get(source)
            part = 1.0 if before is None else 1 - (1 - 0.1)
            self.averages[source] = float(f"{(before or 0) * (1 - part) + used * part:.2f}")
        self.charge(parts(lane).group, used - estimated)
