"""Routes: declared once, served by Chalice, listed for OpenAPI and for the authorisation test.

    routes = Routes(__name__, tag="Jobs")

    @routes.post("/job/create", body=CreateJob, answer=JobAnswer, status=201, also={200: JobAnswer})
    def create_job(call: Call[CreateJob]) -> Reply:
        \"\"\"Create a job.

        The rest of the docstring is the description in OpenAPI.
        \"\"\"
        submitted = call.container.jobs.submit(call.caller, [call.body.new_job()], call.trace_id)[0]
        return Reply(job_answer(submitted.job), status=201 if submitted.created else 200)

    @routes.get("/job", query=ListJobs, answer=JobsAnswer)
    def list_jobs(call: Call[Nothing, ListJobs]) -> dict[str, Any]: ...

    @routes.get("/job/{id}", answer=JobAnswer)
    def get_job(call: Call) -> JobAnswer: ...          # call.id, call.params["id"]: 24 hex digits, else 404

- Models of bodies and queries inherit ``call.Input`` (unknown fields refused), answers ``call.Output``.
- A handler returns a model, a dict, or a ``Reply`` (other status, headers, text); it raises the errors of
  ``chalicelib.errors``, which ``api.errors`` turns into answers. It catches only errors that it can handle.
- ``auth=Auth.NONE`` makes a route public. ``needs`` names the permission that its callers have
  (none: every principal); what they may call it *on* is for the service to decide.
- ``scope`` says whether API keys may call it, and must be given unless the route is public: a ``KeyScope``,
  ``ANY_KEY``, or ``PERSONS`` (no key).
- ``audit`` says what the audit log keeps of its calls (``api.auditing``).
- ``also`` declares further successes; ``errors`` the statuses beyond those that every route may give
  (400, 401, 403, 404 with path parameters, 413, 500, 503).
- app.py registers ``routes.blueprint``. ``ROUTES`` lists every route of the imported modules.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalice.app import Blueprint
from pydantic import BaseModel

from chalicelib.api import pipeline
from chalicelib.api.auditing import Audited
from chalicelib.api.auth import ANY_KEY, PERSONS, Auth, Keys
from chalicelib.api.call import B, Call, Nothing, Q
from chalicelib.domain.principals import KeyScope, Permission

__all__ = ["ANY_KEY", "PERSONS", "ROUTES", "Auth", "KeyScope", "Route", "Routes"]

#: Larger bodies are refused unless a route sets its own limit.
MAX_BODY_BYTES: Final = 256 * 1024
#: Limit of bodies with large payloads, or many. Lambda accepts 6 MB, in which the body is a string with escaped quotes.
MAX_LARGE_BODY_BYTES: Final = 5 * 1024 * 1024


_PARAMETER: Final = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path, with all that OpenAPI and tests need."""

    method: str
    path: str
    tag: str
    handler: Callable[[Call[Any, Any]], Any]
    #: The model of a successful answer; ``None`` when it is not JSON.
    answer: type[BaseModel] | Any
    status: int = 200
    #: Further successes: status → model.
    also: Mapping[int, type[BaseModel] | Any] = field(default_factory=dict)
    #: Error statuses beyond the common ones.
    errors: frozenset[int] = frozenset()
    body: type[BaseModel] = Nothing
    query: type[BaseModel] = Nothing
    auth: Auth = Auth.USER
    #: The permission that it requires; ``None``: any principal may call it.
    needs: Permission | None = None
    #: Which API keys may call it.
    scope: KeyScope | Keys = Keys.NONE
    #: How its calls are recorded in the audit log; ``None``: they are not.
    audit: Audited | None = None
    content_type: str = "application/json"
    #: Further media types of a successful answer.
    other_types: tuple[str, ...] = ()
    max_body_bytes: int = MAX_BODY_BYTES

    @property
    def name(self) -> str:
        """The handler's name; unique, used as OpenAPI's operationId."""
        return self.handler.__name__

    @property
    def summary(self) -> str:
        """First line of the handler's docstring, without the full stop."""
        return (inspect.getdoc(self.handler) or "").partition("\n")[0].removesuffix(".")

    @property
    def description(self) -> str:
        """The rest of the handler's docstring."""
        return (inspect.getdoc(self.handler) or "").partition("\n")[2].strip()

    @property
    def parameters(self) -> list[str]:
        """Names of the path parameters."""
        return _PARAMETER.findall(self.path)

    @property
    def statuses(self) -> frozenset[int]:
        """All statuses that the route may answer with."""
        common = {400, 413, 500, 503}
        if self.auth is Auth.USER:
            common |= {401, 403}
        if self.parameters:
            common.add(404)
        return frozenset({self.status, *self.also, *self.errors, *common})


#: All routes declared so far, in order of declaration.
ROUTES: Final[list[Route]] = []

Handler = Callable[[Call[B, Q]], Any]


class Routes:
    """The routes of one module, and the Chalice blueprint that serves them."""

    def __init__(self, import_name: str, tag: str) -> None:
        self.blueprint = Blueprint(import_name)
        self.tag = tag
        self.get = Verb(self, "GET")
        self.post = Verb(self, "POST")
        self.put = Verb(self, "PUT")
        self.patch = Verb(self, "PATCH")
        self.delete = Verb(self, "DELETE")

    def serve(self, route: Route) -> None:
        """Register ``route`` and have Chalice serve it."""
        ROUTES.append(route)
        blueprint = self.blueprint

        def view(**_params: str) -> Any:
            return pipeline.serve(route, blueprint.current_request.to_original_event())

        view.__name__ = route.name
        # the pipeline checks content types, to answer in our format
        blueprint.route(route.path, methods=[route.method], name=route.name, content_types=[])(view)


class Verb:
    """One method's decorator: ``@routes.get(path, …)``."""

    def __init__(self, routes: Routes, method: str) -> None:
        self._routes = routes
        self._method = method

    def __call__(  # noqa: PLR0913 - one for each field of a route
        self,
        path: str,
        *,
        answer: type[BaseModel] | Any = None,
        status: int = 200,
        also: Mapping[int, Any] | None = None,
        errors: Collection[int] = (),
        body: type[B] = Nothing,  # type: ignore[assignment]
        query: type[Q] = Nothing,  # type: ignore[assignment]
        auth: Auth = Auth.USER,
        needs: Permission | None = None,
        scope: KeyScope | Keys | None = None,
        audit: Audited | None = None,
        content_type: str = "application/json",
        other_types: Collection[str] = (),
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> Callable[[Handler[B, Q]], Handler[B, Q]]:
        """Declare a route, see ``Route`` for the options; the decorated handler can still be called directly."""

        if auth is Auth.USER and scope is None:
            raise TypeError(f"{self._method} {path} does not say which API keys may call it")

        def declare(handler: Handler[B, Q]) -> Handler[B, Q]:
            route = Route(
                method=self._method,
                path=path,
                tag=self._routes.tag,
                handler=handler,
                answer=answer,
                status=status,
                also=dict(also or {}),
                errors=frozenset(errors),
                body=body,
                query=query,
                auth=auth,
                needs=needs,
                scope=scope or Keys.NONE,
                audit=audit,
                content_type=content_type,
                other_types=tuple(other_types),
                max_body_bytes=max_body_bytes,
            )
            self._routes.serve(route)
            return handler

        return declare
