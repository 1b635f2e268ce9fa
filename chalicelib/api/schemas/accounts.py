"""Models of account and member routes."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from chalicelib.api.call import Input, Output
from chalicelib.domain import typed_text
from chalicelib.domain.accounts import User
from chalicelib.domain.jobs import iso
from chalicelib.domain.one_time_links import MAX_TOKEN_CHARS
from chalicelib.domain.principals import KeyGrant, KeyScope, Role

MIN_PASSWORD_CHARS: Final = 8
MAX_PASSWORD_CHARS: Final = 256
MAX_USERNAME_CHARS: Final = 64
MAX_EMAIL_CHARS: Final = 254
#: The domain of accounts that QueueCraft creates itself.
RESERVED_DOMAIN: Final = "queuecraft.local"


def _normalized(text: str) -> tuple[str, str]:
    """Return address and domain in the normal form that is stored. Raises ``ValueError`` for an invalid address."""
    from email_validator import validate_email  # noqa: PLC0415 - 40 ms, and few requests need it

    # deliverability is not checked; private domains are as good as public ones
    found = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    return found.normalized.lower(), found.domain.lower()


def _email(text: str) -> str:
    address, domain = _normalized(text)
    if domain == RESERVED_DOMAIN:
        raise ValueError(f"The domain {RESERVED_DOMAIN} is reserved.")
    if "." not in domain:
        raise ValueError("The part after the @-sign must contain a dot, as in example.com.")
    return address


def _known_email(text: str) -> str:
    try:
        return _normalized(text)[0]
    except ValueError:
        return text.strip().lower()  # an invalid address has no account; the answer is the same as for an unknown one


def _long_enough(text: str) -> str:
    if len(typed_text.password(text)) < MIN_PASSWORD_CHARS:
        raise ValueError(f"A password has at least {MIN_PASSWORD_CHARS} characters")
    return text


Email = Annotated[
    str,
    Field(max_length=MAX_EMAIL_CHARS),
    AfterValidator(_email),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": MAX_EMAIL_CHARS}),
]
Username = Annotated[str, Field(min_length=1, max_length=MAX_USERNAME_CHARS), AfterValidator(typed_text.display_name)]
NewPassword = Annotated[
    str,
    Field(min_length=MIN_PASSWORD_CHARS, max_length=MAX_PASSWORD_CHARS, json_schema_extra={"format": "password"}),
    AfterValidator(_long_enough),
]
#: For passwords that are only compared: no lower bound, so that old accounts can log in.
GivenPassword = Annotated[
    str, Field(min_length=1, max_length=MAX_PASSWORD_CHARS, json_schema_extra={"format": "password"})
]
TenantRole = Literal[Role.ADMIN, Role.MEMBER, Role.VIEWER]


class CreateUser(Input):
    """A sign-up."""

    username: Username
    email: Email
    password: NewPassword


class LogIn(Input):
    """Credentials. ``cookie`` also starts a browser session."""

    email: Annotated[str, Field(min_length=1, max_length=MAX_EMAIL_CHARS), AfterValidator(_known_email)]
    password: GivenPassword
    cookie: bool = False


class ChangeProfile(Input):
    """Changes to the caller's account; another e-mail address needs the current password."""

    username: Username | None = None
    email: Email | None = None
    current_password: GivenPassword | None = None


class ChangePassword(Input):
    """The current password and the new one."""

    current_password: GivenPassword
    new_password: NewPassword


class ForgotPassword(Input):
    """The address whose password was forgotten."""

    email: Annotated[str, Field(min_length=1, max_length=MAX_EMAIL_CHARS), AfterValidator(_known_email)]


class UsePasswordLink(Input):
    """The token of a link, and the new password."""

    token: Annotated[str, Field(min_length=1, max_length=MAX_TOKEN_CHARS, description="What follows `#` in the link.")]
    new_password: NewPassword


class AddMember(Input):
    """A new member of the caller's tenant; without a password one is generated."""

    username: Username
    email: Email
    role: TenantRole = Role.MEMBER
    password: NewPassword | None = None


class ChangeRole(Input):
    """A member's new role."""

    role: TenantRole


class ResetPassword(Input):
    """A member's new password; without one it is generated."""

    password: NewPassword | None = None


class UserAnswer(Output):
    """A user, without password or hash. ``con`` and ``mon``: created and modified, ISO 8601."""

    id: str = Field(alias="_id")
    username: str
    email: str
    role: Role
    tenant_id: str = Field(alias="tenantId")
    con: str
    mon: str

    @classmethod
    def of(cls, user: User) -> UserAnswer:
        """Return a user as clients see it."""
        return cls(
            id=user.id,
            username=user.username,
            email=user.email,
            role=user.role,
            tenant_id=user.tenant_id,
            con=iso(user.created_at),
            mon=iso(user.updated_at),
        )


class TokenAnswer(Output):
    """A new token; ``csrfToken`` if it was also set as a cookie."""

    success: Literal[True] = True
    jwt: str
    csrf_token: str | None = Field(default=None, alias="csrfToken")


class KeyOfCall(Output):
    """The API key by which a call was made."""

    id: str = Field(alias="_id")
    name: str
    scopes: list[KeyScope]
    expires_at: str | None = Field(default=None, alias="expiresAt")

    @classmethod
    def of(cls, key: KeyGrant) -> KeyOfCall:
        """Return a key as its service sees it."""
        ends = iso(key.expires_at) if key.expires_at else None
        return cls(id=key.id, name=key.name, scopes=sorted(key.scopes), expires_at=ends)


class MeAnswer(Output):
    """The caller, for an API key its creator; ``csrfToken`` and ``lastEventId`` if the call was made with the cookie.

    Whatever is read after this answer includes all events up to ``lastEventId``: a client that subscribes with it as
    ``since`` misses none.
    """

    success: Literal[True] = True
    user: UserAnswer
    api_key: KeyOfCall | None = Field(default=None, alias="apiKey")
    csrf_token: str | None = Field(default=None, alias="csrfToken")
    last_event_id: str | None = Field(default=None, alias="lastEventId")


class MembersAnswer(Output):
    """The members of the tenant."""

    success: Literal[True] = True
    members: list[UserAnswer]


class MemberAnswer(Output):
    """One member."""

    success: Literal[True] = True
    member: UserAnswer


class NewMemberAnswer(MemberAnswer):
    """A new member, and the generated password, which only this answer shows."""

    password: str | None = None


class PasswordResetAnswer(MemberAnswer):
    """A member, and the generated password, which only this answer shows."""

    password: str | None = None


class Done(Output):
    """Success, with nothing to return."""

    success: Literal[True] = True
    message: str


def without_nulls(model: Output) -> dict[str, Any]:
    """Return a model as JSON data, without the fields that do not apply."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)
