"""The calls of the API by noun: for each, a class for asyncio and one that blocks."""
