"""The one tree of errors. Each has a stable ``code``; only the edges know what status or frame it becomes.

QueueCraftError
├── InvalidInput            a field is wrong; ``field`` names it
├── Unauthenticated         no credentials, or bad ones
│   ├── InvalidToken
│   │   ├── SessionExpired, LoggedOut, PasswordChanged, RoleChanged, AccountRemoved
│   │   └── InvalidApiKey, ApiKeyExpired
│   └── WrongCredentials
├── Forbidden               known, but not allowed
│   ├── WrongCsrfToken
│   └── MissingScope, NeedsPerson
├── NotFound                does not exist, or not for this caller
├── Conflict                the state does not allow it
│   ├── InvalidTransition
│   ├── IdempotencyMismatch
│   ├── NotUnique
│   └── AlreadyExists
├── LimitExceeded           asked too often or too much
│   ├── RateLimited
│   ├── TooManyActiveJobs
│   ├── TooManyOpenJobs, TooManyQueues, TooManyLimitKeys, TooManyMembers, TooManySchedules, TooManyApiKeys,
│   │   TooManyConnections, TooManyOperations
│   └── Throttled
├── MailRefused             a mail cannot be sent
├── TooLarge
├── Unavailable             a dependency is down or being rebuilt; try again
│   ├── QueueClosed
│   └── ObjectMissing       gone from S3: trying again does not help
└── MisconfiguredError      a setting is missing or wrong; raised at start
"""

from __future__ import annotations

from typing import ClassVar


class QueueCraftError(Exception):
    """Base of all errors raised on purpose. ``code`` is stable: clients may match on it."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.__class__.__name__)

    @property
    def message(self) -> str:
        """What went wrong, fit for the person who asked."""
        return str(self.args[0])


class InvalidInput(QueueCraftError):
    """Raised when a value from outside does not fit; ``field`` is its dotted path."""

    code = "invalid_input"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Unauthenticated(QueueCraftError):
    """Raised when no credentials came with the call."""

    code = "unauthenticated"


class InvalidToken(Unauthenticated):
    """Raised when a token is malformed or not ours. The kinds below say why a good one is good no longer."""

    code = "invalid_token"


class SessionExpired(InvalidToken):
    """Raised when a session's time is over."""

    code = "session_expired"

    def __init__(self, message: str = "The session has expired; log in again") -> None:
        super().__init__(message)


class LoggedOut(InvalidToken):
    """Raised when the session was ended by a log-out."""

    code = "logged_out"

    def __init__(self, message: str = "This session was logged out; log in again") -> None:
        super().__init__(message)


class PasswordChanged(InvalidToken):
    """Raised when the user's password changed after the token was issued."""

    code = "password_changed"

    def __init__(self, message: str = "The password was changed; log in with the new one") -> None:
        super().__init__(message)


class RoleChanged(InvalidToken):
    """Raised when the user's role changed after the token was issued."""

    code = "role_changed"

    def __init__(self, message: str = "Your role was changed; log in again") -> None:
        super().__init__(message)


class AccountRemoved(InvalidToken):
    """Raised when the token's user exists no longer."""

    code = "account_removed"

    def __init__(self, message: str = "This account was removed") -> None:
        super().__init__(message)


class InvalidApiKey(InvalidToken):
    """Raised when an API key does not exist: it never did, or was revoked."""

    code = "invalid_api_key"

    def __init__(self, message: str = "This API key does not exist, or was revoked") -> None:
        super().__init__(message)


class ApiKeyExpired(InvalidToken):
    """Raised when the time of an API key is over."""

    code = "api_key_expired"

    def __init__(self, message: str = "This API key has expired") -> None:
        super().__init__(message)


class WrongCredentials(Unauthenticated):
    """Raised when e-mail and password do not fit; does not tell which."""

    code = "wrong_credentials"


class Forbidden(QueueCraftError):
    """Raised when the caller's role does not allow the action."""

    code = "forbidden"


class WrongCsrfToken(Forbidden):
    """Raised when a call with the cookie lacks the session's CSRF token, or brings that of another session."""

    code = "wrong_csrf_token"

    def __init__(self, message: str = "The X-CSRF-Token header is missing or wrong") -> None:
        super().__init__(message)


class MissingScope(Forbidden):
    """Raised when an API key lacks the scope that a call needs; ``scope`` names it."""

    code = "missing_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"The API key lacks the scope {scope}")
        self.scope = scope


class NeedsPerson(Forbidden):
    """Raised when an API key is used for what only a person may do."""

    code = "needs_person"

    def __init__(self, message: str = "An API key cannot be used for this: log in") -> None:
        super().__init__(message)


class NotFound(QueueCraftError):
    """Raised when a thing does not exist or is not visible to the caller; the two look the same."""

    code = "not_found"


class Conflict(QueueCraftError):
    """Raised when the present state of a thing does not allow the action."""

    code = "conflict"


class InvalidTransition(Conflict):
    """Raised when a job cannot move from its state to the wanted one."""

    code = "invalid_transition"


class IdempotencyMismatch(Conflict):
    """Raised when an idempotency key comes again with another body."""

    code = "idempotency_mismatch"


class NotUnique(Conflict):
    """Raised when another job holds the unique key of a job; ``job_id`` is that job, if the caller may see it, and
    ``field`` the place in the body.
    """

    code = "not_unique"

    def __init__(self, message: str, job_id: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.job_id = job_id
        self.field = field


class AlreadyExists(Conflict):
    """Raised when a unique value is taken."""

    code = "already_exists"


class LimitExceeded(QueueCraftError):
    """Raised when a limit refuses the call; ``retry_after_s`` says when to try again, if known."""

    code = "limit_exceeded"

    def __init__(self, message: str, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimited(LimitExceeded):
    """Raised when a user's sliding window of job creation attempts is full."""

    code = "rate_limited"


class TooManySubmissions(LimitExceeded):
    """Raised when a tenant has submitted as many jobs in a minute as allowed."""

    code = "too_many_submissions"


class TooManyActiveJobs(LimitExceeded):
    """Raised when a user has as many active jobs as allowed."""

    code = "too_many_active_jobs"


class TooManyOpenJobs(LimitExceeded):
    """Raised when a tenant has as many open jobs as allowed."""

    code = "too_many_open_jobs"


class TooManyQueues(LimitExceeded):
    """Raised when a tenant has as many queues with open jobs, or as many paused ones, as allowed."""

    code = "too_many_queues"


class TooManyLimitKeys(LimitExceeded):
    """Raised when a tenant has ready jobs under as many keys of limits as allowed."""

    code = "too_many_limit_keys"


class TooManyMembers(LimitExceeded):
    """Raised when a tenant has as many members as allowed."""

    code = "too_many_members"


class TooManySchedules(LimitExceeded):
    """Raised when a tenant has as many schedules as allowed."""

    code = "too_many_schedules"


class TooManyApiKeys(LimitExceeded):
    """Raised when a tenant has as many API keys as allowed."""

    code = "too_many_api_keys"


class TooManyOperations(LimitExceeded):
    """Raised when a tenant has as many operations that have not ended as allowed."""

    code = "too_many_operations"


class TooManyWebhooks(LimitExceeded):
    """Raised when a tenant has as many webhooks as allowed."""

    code = "too_many_webhooks"


class TooManyAlerts(LimitExceeded):
    """Raised when a tenant has as many alert rules as allowed."""

    code = "too_many_alerts"


class TooManyComments(LimitExceeded):
    """Raised when a job, or a group of dead letters, has as many comments as allowed."""

    code = "too_many_comments"


class TooManyViews(LimitExceeded):
    """Raised when a person has, or a tenant shares, as many views as allowed."""

    code = "too_many_views"


class TooManyConnections(LimitExceeded):
    """Raised when a user, or a tenant, has as many open WebSockets as allowed."""

    code = "too_many_connections"


class Throttled(LimitExceeded):
    """Raised when something that has a limit per time is tried too often."""

    code = "throttled"


class MailRefused(QueueCraftError):
    """Raised when a mail is refused for good: another attempt would be refused too."""

    code = "mail_refused"


class TooLarge(QueueCraftError):
    """Raised when a body, payload or result is over its size limit."""

    code = "too_large"


class Unavailable(QueueCraftError):
    """Raised when a dependency is down or being rebuilt; the call may be tried again."""

    code = "unavailable"


class MisconfiguredError(QueueCraftError):
    """Raised at start when a setting is missing or wrong."""

    code = "misconfigured"


class QueueClosed(Unavailable):
    """Raised when Redis lost the queue and its rebuild from MongoDB is not done yet."""

    code = "queue_closed"

    def __init__(self, message: str = "The queue is being rebuilt; try again in a moment") -> None:
        super().__init__(message)


class QueueOutdated(QueueClosed):
    """Raised when Redis has the layout of a newer version, for which this process is too old."""

    def __init__(self) -> None:
        super().__init__("The queue was taken over by a newer version; try again in a moment")


class ObjectMissing(Unavailable):
    """Raised when S3 has no such object, or one that is not what was written."""

    code = "object_missing"
