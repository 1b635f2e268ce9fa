"""Maps paths to resources of the API."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from infra.local.deployed.model import Route


@dataclass(slots=True)
class _Node:
    literal: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "tuple[str, _Node] | None" = None
    greedy: tuple[str, Route] | None = None
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A resource and the values of the parameters in its path, decoded."""

    route: Route
    parameters: dict[str, str]


class RouteTable:
    """Finds resources as API Gateway does: segment by segment, a literal before a parameter.

    A trailing slash is ignored. `{name+}` takes the rest of the path.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def find(self, path: str) -> Match | None:
        """Return the resource of a path (percent-encoded, without query), None if there is none."""
        segments = [segment for segment in path.strip("/").split("/") if path.strip("/")]
        return self._find(self._root, segments, {})

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.path.strip("/").split("/") if route.path != "/" else []:
            if segment.endswith("+}"):
                node.greedy = (segment[1:-2], route)
                return
            if segment.startswith("{"):
                if node.parameter is None:
                    node.parameter = (segment[1:-1], _Node())
                node = node.parameter[1]
            else:
                node = node.literal.setdefault(segment, _Node())
        node.route = route

    def _find(self, node: _Node, segments: list[str], parameters: dict[str, str]) -> Match | None:
        if not segments:
            return Match(node.route, parameters) if node.route else None
        head, rest = segments[0], segments[1:]
        if child := node.literal.get(unquote(head)):
            found = self._find(child, rest, parameters)
            if found is not None:
                return found
        if node.parameter is not None and head:
            name, child = node.parameter
            found = self._find(child, rest, {**parameters, name: unquote(head)})
            if found is not None:
                return found
        if node.greedy is not None:
            name, route = node.greedy
            return Match(route, {**parameters, name: unquote("/".join(segments))})
        return None
