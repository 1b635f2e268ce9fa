"""Parts shared by API and worker: mails."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.containers.core import Core

if TYPE_CHECKING:
    from chalicelib.aws.mail import Ses
    from chalicelib.domain.mails import Letter, Mail
    from chalicelib.services.mails import Addressed, Mailer
    from chalicelib.services.notifications import FailureLooks, UnsubscribeLinks
    from chalicelib.services.password_resets import ResetLetters
    from chalicelib.store.mails import MailStore
    from chalicelib.store.notifications import NotificationStore
    from chalicelib.store.password_resets import PasswordResetStore


class MailParts(Core):
    """The outbox, and what sends its mails."""

    @cached_property
    def mail_store(self) -> MailStore:
        from chalicelib.store.mails import MailStore

        return MailStore(self.db)

    @cached_property
    def mailer(self) -> Mailer:
        from chalicelib.domain.mails import MailKind
        from chalicelib.services.mails import Mailer

        mailer = Mailer(
            store=self.mail_store,
            transport=self._ses if self.settings.deployed else None,
            waker=self.waker,
            settings=self.settings,
            clock=self.clock,
            log=self.log,
        )

        def write_reset(mail: Mail) -> tuple[Letter, Addressed] | None:
            return self.reset_letters.write(mail)

        mailer.writers[MailKind.PASSWORD_RESET] = write_reset
        return mailer

    @cached_property
    def notification_store(self) -> NotificationStore:
        from chalicelib.store.notifications import NotificationStore

        return NotificationStore(self.db)

    @cached_property
    def unsubscribe_links(self) -> UnsubscribeLinks:
        from chalicelib.services.notifications import UnsubscribeLinks

        return UnsubscribeLinks(self.settings)

    @cached_property
    def failure_looks(self) -> FailureLooks:
        from chalicelib.services.notifications import FailureLooks

        return FailureLooks(
            self.notification_store, self.mailer, self.unsubscribe_links, self.settings.frontend_url, self.clock
        )

    @cached_property
    def password_reset_store(self) -> PasswordResetStore:
        from chalicelib.store.password_resets import PasswordResetStore

        return PasswordResetStore(self.db)

    @cached_property
    def reset_letters(self) -> ResetLetters:
        from chalicelib.services.password_resets import ResetLetters

        return ResetLetters(
            self.user_store, self.password_reset_store, self.settings.frontend_url, self.clock, self.ids
        )

    @property
    def _ses(self) -> Ses:
        from chalicelib.aws.mail import Ses
        from chalicelib.aws.signing import Credentials

        s = self.settings
        return Ses(
            s.ses_endpoint or f"https://email.{s.aws_region}.amazonaws.com",
            Credentials(s.aws_access_key_id, s.aws_secret_access_key, s.aws_session_token),
            s.aws_region,
            self.clock.now_ms,
        )
