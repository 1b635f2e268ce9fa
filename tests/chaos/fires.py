"""Whether each fire of the schedules has its run, and each run one job or the reason why it has none."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.store.schedule_runs import run_of
from tests.container import Container

#: Each schedule fires this often.
EVERY_S: Final = 1


def fires_of(container: Container) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each schedule, the oldest first."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in container.db.schedule_runs.find().sort("_id", 1):
        found[row["schedule"]].append(row)
    return found


def lost_fires(container: Container, deleted: set[str]) -> list[str]:
    """Return fires without a row, rows without a job or a reason, and rows that are not done. ``deleted``: jobs."""
    anchors: dict[str, datetime] = {each["name"]: each["anchor"] for each in container.db.schedules.find()}
    jobs = {str(each["_id"]) for each in container.db.jobs.find({"schedule": {"$exists": True}}, {"_id": 1})} | deleted
    wrong = []
    for name, rows in fires_of(container).items():
        due = anchors[name]
        for row in rows:
            due += timedelta(seconds=EVERY_S)
            if row["at"] != due:
                wrong.append(f"the fire of {name} at {due} has no run; the next is that of {row['at']}")
                due = row["at"]
            if row.get("open"):
                wrong.append(f"the run of {name} at {due} is open")
            elif "skipped" not in row and _job_of(row) not in jobs:
                wrong.append(f"the run of {name} at {due} has neither a job nor a reason")
    return wrong


def doubled_fires(container: Container) -> list[str]:
    """Return jobs of schedules that belong to no run, so were made besides the one of a fire."""
    made = {_job_of(row) for rows in fires_of(container).values() for row in rows if "skipped" not in row}
    found = container.db.jobs.find({"schedule": {"$exists": True}}, {"schedule": 1})
    return [f"{job['_id']} of {job['schedule']} belongs to no fire" for job in found if str(job["_id"]) not in made]


def _job_of(row: dict[str, Any]) -> str:
    return run_of(row).derived_id
