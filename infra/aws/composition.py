"""Which parts of the composition root a function can reach.

`chalicelib/container.py` can build everything, and imports each part inside the property that builds it. A function
uses a few of these properties; what only the others import does not belong into its zip.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MODULE = "chalicelib.container"
CLASS = "Container"
FACTORY = "get_container"


@dataclass(frozen=True, slots=True)
class Parts:
    """The properties of the container."""

    #: modules that the body of each imports
    imports: Mapping[str, frozenset[str]]
    #: properties that the body of each reads
    reads: Mapping[str, frozenset[str]]
    #: modules that are imported whichever property is used
    always: frozenset[str]

    def unreached(self, used: Iterable[str]) -> frozenset[str]:
        """Modules that nothing imports when only these properties are used, and what they read."""
        waiting, reached = list(used), set[str]()
        while waiting:
            name = waiting.pop()
            if name in self.reads and name not in reached:
                reached.add(name)
                waiting += self.reads[name]
        needed = self.always.union(*(self.imports[name] for name in reached))
        return frozenset().union(*self.imports.values()) - needed


@cache
def parts(project: Path) -> Parts:
    """Read the composition root."""
    tree = ast.parse(_path(project, MODULE).read_text())
    (root,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == CLASS)
    built = {node.name: node for node in root.body if isinstance(node, ast.FunctionDef) and node.decorator_list}
    rest = [node for node in tree.body if node is not root and not _is_type_checking(node)]
    rest += [node for node in root.body if node not in built.values()]
    return Parts(
        imports={name: _imports([node]) for name, node in built.items()},
        reads={name: _attributes(node, {"self"}) for name, node in built.items()},
        always=_imports(rest),
    )


@cache
def uses(project: Path, module: str) -> frozenset[str]:
    """What a module of ours reads from the container, under whichever names it holds it."""
    tree = ast.parse(_path(project, module).read_text())
    return _attributes(tree, _holders(tree))


def _path(project: Path, module: str) -> Path:
    path = project / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imports(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Modules, and names that may be modules: who asks knows which are."""
    found: set[str] = set()
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def _attributes(tree: ast.AST, owners: Set[str]) -> frozenset[str]:
    """Attributes of things that are called so, as `x` of `container.x`, `self.container.x` and `get_container().x`."""
    return frozenset(
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _name(node.value) in owners
    )


def _name(node: ast.AST) -> str | None:
    """The last name of an expression; for a call, that of the function."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def _holders(tree: ast.AST) -> frozenset[str]:
    """Names that hold the container: annotated as one, assigned from the factory or from another such name."""
    names = {FACTORY, "container"}
    while True:
        found = names | {name for node in ast.walk(tree) for name in _held_by(node, names)}
        if found == names:
            return frozenset(names)
        names = found


def _held_by(node: ast.AST, names: Set[str]) -> Iterator[str]:
    if isinstance(node, ast.arg) and _is_container(node.annotation):
        yield node.arg
    elif isinstance(node, ast.AnnAssign) and _is_container(node.annotation):
        yield _name(node.target) or ""
    elif isinstance(node, ast.FunctionDef) and _is_container(node.returns):
        yield node.name
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=False))
            yield from (_name(to) or "" for to, value in pairs if _name(value) in names)


def _is_container(annotation: ast.AST | None) -> bool:
    """Whether an annotation names the container, as in `Container`, `"Container"` and `Container | None`."""
    return annotation is not None and re.search(rf"\b{CLASS}\b", ast.unparse(annotation)) is not None
