"""What stands in place of a tenant's id. Pure."""

from typing import Final

#: All tenants: the definition of a limit that each of them has, and the tenant of events for all connections.
EVERY_TENANT: Final = "*"
