"""Tests of tasks without MongoDB and Redis: the worker's own code for attempts and steps, over stores in memory.

A test takes the fixture ``qc`` (``queuecraft_testing.plugin``), or makes a ``QueueCraft``.
"""

from chalicelib.errors import InvalidInput
from queuecraft_testing.clock import FakeClock
from queuecraft_testing.harness import InlineJob, JobNotCompleted, NeverDone, QueueCraft

__all__ = ["FakeClock", "InlineJob", "InvalidInput", "JobNotCompleted", "NeverDone", "QueueCraft"]
