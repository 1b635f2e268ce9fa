"""What account and member routes take and give."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from chalicelib.api.call import Input, Output
from chalicelib.domain import typed_text
from chalicelib.domain.accounts import User
from chalicelib.domain.jobs import iso
from chalicelib.domain.principals import Role

MIN_PASSWORD_CHARS: Final = 8
MAX_PASSWORD_CHARS: Final = 256
MAX_USERNAME_CHARS: Final = 64
MAX_EMAIL_CHARS: Final = 254
#: The domain of accounts that QueueCraft makes for itself.
RESERVED_DOMAIN: Final = "queuecraft.local"


def _normalized(text: str) -> tuple[str, str]:
    """Address and domain in the one form that is stored. Raises ``ValueError`` for what is no address."""
    from email_validator import validate_email  # noqa: PLC0415 - 40 ms, and few requests need it

    # whether mail arrives is not looked up; private domains are as good as public ones
    found = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    return found.normalized.lower(), found.domain.lower()


def _email(text: str) -> str:
    address, domain = _normalized(text)
    if domain == RESERVED_DOMAIN:
        raise ValueError(f"The domain {RESERVED_DOMAIN} is reserved.")
    if "." not in domain:
        raise ValueError("The part after the @-sign is incomplete: it has a dot, as in example.com.")
    return address


def _known_email(text: str) -> str:
    try:
        return _normalized(text)[0]
    except ValueError:
        return text.strip().lower()  # nobody's, as far as we know; the answer is the same as for a stranger's


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
#: What is only compared: no lower bound, so that old accounts get in.
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
    """What to change of one's own account; another e-mail address needs the current password."""

    username: Username | None = None
    email: Email | None = None
    current_password: GivenPassword | None = None


class ChangePassword(Input):
    """The current password and the next one."""

    current_password: GivenPassword
    new_password: NewPassword


class AddMember(Input):
    """Somebody to add to one's tenant; without a password one is generated."""

    username: Username
    email: Email
    role: TenantRole = Role.MEMBER
    password: NewPassword | None = None


class ChangeRole(Input):
    """A member's next role."""

    role: TenantRole


class ResetPassword(Input):
    """A member's next password; without one it is generated."""

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
        """What a user looks like from outside."""
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
    """A new token; ``csrfToken`` when it also went into a cookie."""

    success: Literal[True] = True
    jwt: str
    csrf_token: str | None = Field(default=None, alias="csrfToken")


class MeAnswer(Output):
    """Who is calling; ``csrfToken`` and ``lastEventId`` when the call came with the cookie.

    What is read after this answer knows all events up to ``lastEventId``: a client that subscribes with it as ``since``
    misses none.
    """

    success: Literal[True] = True
    user: UserAnswer
    csrf_token: str | None = Field(default=None, alias="csrfToken")
    last_event_id: str | None = Field(default=None, alias="lastEventId")


class MembersAnswer(Output):
    """Everybody in the tenant."""

    success: Literal[True] = True
    members: list[UserAnswer]


class MemberAnswer(Output):
    """One member."""

    success: Literal[True] = True
    member: UserAnswer


class NewMemberAnswer(MemberAnswer):
    """A new member, and the generated password: it is shown this once."""

    password: str | None = None


class PasswordResetAnswer(MemberAnswer):
    """A member, and the password that was generated: it is shown this once."""

    password: str | None = None


class Done(Output):
    """It is done; there is nothing to tell."""

    success: Literal[True] = True
    message: str


def without_nulls(model: Output) -> dict[str, Any]:
    """A model as JSON data, without the fields that do not apply."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)
