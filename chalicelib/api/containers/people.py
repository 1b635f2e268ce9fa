"""Services of the routes of invitations, forgotten passwords and notifications."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.api.containers.accounts import AccountServices

if TYPE_CHECKING:
    from chalicelib.services.deletions import Deletions
    from chalicelib.services.invitations import Invitations
    from chalicelib.services.notifications import Notifications
    from chalicelib.services.password_resets import PasswordResets


class PeopleServices(AccountServices):
    """What is sent by mail."""

    @cached_property
    def invitations(self) -> Invitations:
        from chalicelib.services.invitations import Invitations
        from chalicelib.store.invitations import InvitationStore

        return Invitations(
            invitations=InvitationStore(self.db),
            users=self.user_store,
            tenants=self.tenant_store,
            passwords=self.passwords,
            mailer=self.mailer,
            throttles=self.throttles,
            events=self.people_events,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def password_resets(self) -> PasswordResets:
        from chalicelib.services.password_resets import PasswordResets

        return PasswordResets(
            users=self.user_store,
            tenants=self.tenant_store,
            resets=self.password_reset_store,
            passwords=self.passwords,
            mailer=self.mailer,
            throttles=self.throttles,
            clock=self.clock,
            ids=self.ids,
        )

    @cached_property
    def notifications(self) -> Notifications:
        from chalicelib.services.notifications import Notifications

        return Notifications(self.notification_store, self.unsubscribe_links, self.clock)

    @cached_property
    def deletions(self) -> Deletions:
        from chalicelib.services.deletions import Deletions

        return Deletions(
            store=self.deletion_store,
            users=self.user_store,
            tenants=self.tenant_store,
            keys=self.api_key_store,
            schedules=self.schedule_store,
            passwords=self.passwords,
            throttles=self.throttles,
            events=self.people_events,
            clock=self.clock,
        )
