"""Limits on attempts to log in, sign up, or learn in another way who has an account.

Log-ins are counted per address, and per address and account together. There is no limit per account alone: anybody
could use it to lock the owner out. While Redis is down log-in answers 503, so an outage does not lift the limits.
"""

from __future__ import annotations

import hashlib
from typing import Final

from chalicelib.domain.principals import Principal
from chalicelib.queue.throttle import Throttle
from chalicelib.settings import Settings

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
#: An address may try this many times as often as one account from it, because users share addresses.
ADDRESS_SHARE: Final = 3
#: Links to reset a password that are mailed to one address.
LINKS_PER_HOUR: Final = 5
#: Pausing and resuming, by everyone of a tenant.
PAUSES_PER_MINUTE: Final = 120
#: Changes of a tenant's settings, by everyone of a tenant.
SETTINGS_PER_MINUTE: Final = 60
#: API keys created by everyone of a tenant.
KEYS_PER_MINUTE: Final = 60
#: Exports asked for by one user.
EXPORTS_PER_MINUTE: Final = 30
#: Changes of webhooks by everyone of a tenant; tests of webhooks and repeated deliveries.
WEBHOOKS_PER_MINUTE: Final = 60
#: Changes of alert rules by everyone of a tenant; previews of such.
ALERTS_PER_MINUTE: Final = 60
#: Views saved by one user.
VIEWS_PER_MINUTE: Final = 30
#: Comments of one user.
COMMENTS_PER_MINUTE: Final = 30
#: Runs of schedules asked for by everyone of a tenant.
RUNS_PER_MINUTE: Final = 60
#: Callbacks of durable jobs, by address.
CALLBACKS_PER_MINUTE: Final = 600
#: Replays of all WebSockets of a user; over the limit clients get ``resync``.
REPLAYS_PER_MINUTE: Final = 10
#: The limit of a tenant, as a multiple of that of a user.
TENANT_SHARE: Final = 10


class Throttles:
    """Counts attempts. Raises ``Throttled`` over a limit. ``address`` is a result of ``source.throttle_key``."""

    def __init__(self, settings: Settings, throttle: Throttle) -> None:
        self._throttle = throttle
        self._log_ins = settings.log_in_attempts_per_minute
        self._sign_ups = settings.sign_ups_per_hour
        self._frames = settings.websocket_frames_per_minute

    def log_in(self, email: str, address: str) -> None:
        """Count an attempt to log in to ``email`` from ``address``."""
        limits = {address: self._log_ins * ADDRESS_SHARE, _pair(email, address): self._log_ins}
        self._throttle.attempt("log-in", limits, MINUTE_MS)

    def logged_in(self, email: str, address: str) -> None:
        """Reset the attempts on ``email`` from ``address`` after a successful one."""
        if self._log_ins:
            self._throttle.forgive("log-in", _pair(email, address))

    def sign_up(self, address: str) -> None:
        """Count a sign-up from ``address``."""
        self._throttle.attempt("sign-up", {address: self._sign_ups}, HOUR_MS)

    def claim_email(self, tenant_id: str) -> None:
        """Count a claim of an e-mail address (new member, changed address), whose answer shows if it is taken.

        Counted by tenant, which can create members itself.
        """
        self._throttle.attempt("claim", {tenant_id: self._sign_ups}, HOUR_MS)

    def reset_password(self, tenant_id: str) -> None:
        """Count a reset of a member's password."""
        self._throttle.attempt("reset", {tenant_id: self._sign_ups}, HOUR_MS)

    def forgot_password(self, email: str, address: str) -> None:
        """Count a request for a link to reset the password of ``email``, whether or not it has an account."""
        limits = {address: self._log_ins * ADDRESS_SHARE, _pair(email, ""): LINKS_PER_HOUR if self._log_ins else 0}
        self._throttle.attempt("forgot", limits, HOUR_MS)

    def use_link(self, address: str) -> None:
        """Count an attempt to use a link that lets somebody in."""
        self._throttle.attempt("link", {address: self._log_ins * ADDRESS_SHARE}, MINUTE_MS)

    def pause(self, tenant_id: str) -> None:
        """Count a pause or resume of a queue, which is an event for all users of the tenant."""
        self._throttle.attempt("pause", {tenant_id: PAUSES_PER_MINUTE}, MINUTE_MS)

    def change_settings(self, tenant_id: str) -> None:
        """Count a change of a tenant's settings."""
        self._throttle.attempt("settings", {tenant_id: SETTINGS_PER_MINUTE}, MINUTE_MS)

    def create_key(self, tenant_id: str) -> None:
        """Count a new API key."""
        self._throttle.attempt("api-key", {tenant_id: KEYS_PER_MINUTE}, MINUTE_MS)

    def change_webhook(self, tenant_id: str) -> None:
        """Count a change of a webhook."""
        self._throttle.attempt("webhook", {tenant_id: WEBHOOKS_PER_MINUTE}, MINUTE_MS)

    def send_webhook(self, tenant_id: str) -> None:
        """Count a test of a webhook, or a delivery that is sent again."""
        self._throttle.attempt("webhook-send", {tenant_id: WEBHOOKS_PER_MINUTE}, MINUTE_MS)

    def change_alert(self, tenant_id: str) -> None:
        """Count a change of an alert rule."""
        self._throttle.attempt("alert", {tenant_id: ALERTS_PER_MINUTE}, MINUTE_MS)

    def preview_alert(self, principal: Principal) -> None:
        """Count a measurement for a rule that is being written."""
        self._throttle.attempt("alert-preview", _shares(principal, ALERTS_PER_MINUTE), MINUTE_MS)

    def save_view(self, principal: Principal) -> None:
        """Count a saved view."""
        self._throttle.attempt("view", _shares(principal, VIEWS_PER_MINUTE), MINUTE_MS)

    def comment(self, principal: Principal) -> None:
        """Count a comment, which is an event for others."""
        self._throttle.attempt("comment", _shares(principal, COMMENTS_PER_MINUTE), MINUTE_MS)

    def run_schedule(self, tenant_id: str) -> None:
        """Count a run of a schedule that a person asks for."""
        self._throttle.attempt("run", {tenant_id: RUNS_PER_MINUTE}, MINUTE_MS)

    def export(self, principal: Principal) -> None:
        """Count an export."""
        self._throttle.attempt("export", _shares(principal, EXPORTS_PER_MINUTE), MINUTE_MS)

    def call_back(self, address: str) -> None:
        """Count a callback from ``address``, which needs no session."""
        self._throttle.attempt("callback", {address: CALLBACKS_PER_MINUTE}, MINUTE_MS)

    def frame(self, principal: Principal) -> None:
        """Count a frame that a WebSocket client sent."""
        self._throttle.attempt("frame", _shares(principal, self._frames), MINUTE_MS)

    def replay(self, principal: Principal) -> None:
        """Count a replay of events: a short request causes megabytes of answers."""
        self._throttle.attempt("replay", _shares(principal, REPLAYS_PER_MINUTE), MINUTE_MS)

    def confirm_password(self, user_id: str, address: str) -> None:
        """Count an attempt to give one's current password."""
        self._throttle.attempt("confirm", {_pair(user_id, address): self._log_ins}, MINUTE_MS)


def _shares(principal: Principal, limit: int) -> dict[str, int]:
    # a service has a share of its own, not that of the person who created its key
    return {principal.key_id or principal.user_id: limit, principal.tenant_id: limit * TENANT_SHARE}


def _pair(who: str, address: str) -> str:
    # hashed: keys stay short, and show no e-mail addresses
    return hashlib.sha256(f"{who}\n{address}".encode()).hexdigest()[:32]
