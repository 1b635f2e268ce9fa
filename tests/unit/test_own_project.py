"""A project of its own: its file, its secrets, what `queuecraft init` writes, what of it a deployment gets."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import queuecraft.secrets
from chalicelib import VERSION
from infra import new_project
from infra.local.deployed import pools, project_file, sources, template
from infra.local.deployed import project as projects
from infra.local.deployed.model import DeploymentError
from infra.local.deployed.project_file import ProjectError
from infra.local.deployed.read import check
from infra.local.settings import LocalSettings, SettingsError
from worker_fn import tasks as own_tasks
from worker_fn.registration.loading import BUILT_IN, TaskModules, load_package
from worker_fn.registration.registry import registry
from worker_fn.version import version

ROOT = projects.PACKAGE


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A new project."""
    new_project.write(tmp_path / "shop", "shop")
    return tmp_path / "shop"


def configure(project: Path, text: str) -> None:
    (project / project_file.FILE).write_text(text)


# --- queuecraft.toml


def test_a_new_project_is_complete_and_named(shop: Path) -> None:
    of = projects.of(shop)
    check(of)
    assert (of.stack, of.tasks, of.variables) == ("shop", "tasks", {"TASK_PACKAGE": "tasks"})
    assert of.notes() == []
    assert pools.read(shop).names() == ["default"]
    assert f'"queuecraft=={VERSION}"' in (shop / "pyproject.toml").read_text()
    assert not [path for path in shop.rglob("*") if path.is_file() and "{{" in path.read_text()]
    assert (shop / ".gitignore").read_text().splitlines().count(project_file.SECRETS_FILE) == 1
    assert (shop / ".github" / "workflows" / "ci.yml").is_file()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "name: Field required"),
        ('name = "Shop"', "name: String should match pattern"),
        ('name = "shop"\nsecret = []', "secret: there is no such key; allowed are environment, files, layers, name, "),
        ('name = "shop"\nsecrets = ["a-b"]', "secrets.0: String should match pattern"),
        ('name = "shop"\nsecrets = ["MONGODB_URI"]', "secrets.MONGODB_URI: the deployment or Lambda sets this"),
        ('name = "shop"\n[environment]\nPORT = 1', "environment.PORT: Input should be a valid string, not 1"),
        ('name = "shop"\n[environment]\nAWS_REGION = "x"', "environment.AWS_REGION: the deployment or Lambda sets"),
        ('name = "shop"\nlayers = ["mine"]', "layers.0: String should match pattern"),
        ('name = "shop"\nfiles = ["/etc/passwd"]', "files.0: String should match pattern"),
        ('name = "shop"\nfiles = ["a/../../b"]', "files: a/../../b leaves the folder of the project"),
        ('name = "shop"\n[parameters]\nlog = "x"', "parameters.log"),
        ('name = "shop"\n[parameters]\nLogLevel = [1]', "parameters.LogLevel"),
        ('name = "shop"\nname = "b"', "queuecraft.toml: Cannot overwrite a value"),
        ('name = "shop"\n[pools.heavy]\nmodule = ["a"]', "heavy.module: Extra inputs are not permitted; allowed are "),
        ('name = "shop"\n[pools.heavy]\nmodules = ["nowhere"]', "heavy.modules: there is no tasks/nowhere.py"),
    ],
)
def test_a_wrong_key_is_refused_with_its_file_and_what_is_allowed(text: str, problem: str, shop: Path) -> None:
    configure(shop, text)
    with pytest.raises(DeploymentError) as raised:
        pools.read(shop)
    assert problem in str(raised.value)
    assert "queuecraft.toml" in str(raised.value)


def test_the_local_stack_is_named_after_the_project_and_refuses_a_wrong_file(shop: Path) -> None:
    assert LocalSettings.from_env({}, shop).stack_name == "shop-local"
    assert LocalSettings.from_env({"PORT": "24100"}, shop).stack_name == "shop-local-24100"
    configure(shop, "name = 1")
    with pytest.raises(SettingsError, match=r"queuecraft\.toml is wrong:\n- name: Input should be a valid string"):
        LocalSettings.from_env({}, shop)


def test_a_project_with_a_package_of_our_name_or_without_a_part_is_refused(shop: Path) -> None:
    (shop / "infra").mkdir()
    (shop / "infra" / "__init__.py").touch()
    (shop / "tasks" / "__init__.py").unlink()
    with pytest.raises(ProjectError) as raised:
        check(projects.of(shop))
    assert "- tasks/__init__.py is missing" in str(raised.value)
    assert "- the package infra has the name of one of QueueCraft's: rename it" in str(raised.value)


def test_its_packages_are_those_of_functions(shop: Path) -> None:
    (shop / "pricing").mkdir()
    (shop / "pricing" / "__init__.py").touch()
    assert sources.own_packages(shop) == ("chalicelib", "worker_fn", "websocket_fn", "queuecraft", "pricing", "tasks")


# --- secrets


def test_secrets_have_values_here_and_are_named_where_they_lack_one(shop: Path) -> None:
    configure(shop, 'name = "shop"\nsecrets = ["STRIPE_KEY", "MAIL_KEY"]\n[environment]\nA = "1"\nB = "2"\n')
    (shop / project_file.SECRETS_FILE).write_text('STRIPE_KEY = "sk"\n')
    of = projects.of(shop)
    here = of.here({"B": "3", "TASK_PACKAGE": "other"})
    assert {name: here[name] for name in ("STRIPE_KEY", "A", "B", "TASK_PACKAGE")} == {
        "STRIPE_KEY": "sk", "A": "1", "B": "3", "TASK_PACKAGE": "tasks",
    }  # fmt: skip
    assert of.notes() == ["the secret MAIL_KEY has no value here: add it to .secrets.toml"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('OTHER = "x"', "OTHER: it is not among `secrets` in queuecraft.toml, which has: STRIPE_KEY"),
        ("STRIPE_KEY = 5", "STRIPE_KEY: the value must be a text"),
        ("STRIPE_KEY", ".secrets.toml: "),
    ],
)
def test_a_wrong_file_of_secrets_is_refused_without_its_values(text: str, problem: str, shop: Path) -> None:
    configure(shop, 'name = "shop"\nsecrets = ["STRIPE_KEY"]\n')
    (shop / project_file.SECRETS_FILE).write_text(text)
    with pytest.raises(ProjectError) as raised:
        projects.of(shop).here({})
    assert problem in str(raised.value)
    assert ".secrets.toml" in str(raised.value)
    assert '"x"' not in str(raised.value)


def test_a_secret_is_read_from_the_environment_then_from_the_store_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, list[str]]] = []

    def stored(path: str, names: list[str], *_: object) -> dict[str, str]:
        asked.append((path, names))
        return {"STORED": "from SSM"} if names == ["STORED"] else {}

    monkeypatch.setattr("chalicelib.aws.parameters.secrets", stored)
    monkeypatch.setenv("LOCAL", "from here")
    monkeypatch.delenv("SECRETS_PATH", raising=False)
    queuecraft.secrets._stored.cache_clear()
    assert queuecraft.secret("LOCAL") == "from here"
    with pytest.raises(queuecraft.SecretMissing, match=r"STORED has no value: add it to \.secrets\.toml"):
        queuecraft.secret("STORED")
    monkeypatch.setenv("SECRETS_PATH", "/queuecraft/shop")
    assert [queuecraft.secret("STORED") for _ in range(2)] == ["from SSM"] * 2
    with pytest.raises(queuecraft.SecretMissing, match="NONE is not stored in /queuecraft/shop"):
        queuecraft.secret("NONE")
    assert asked == [("/queuecraft/shop", ["STORED"]), ("/queuecraft/shop", ["NONE"])]


# --- the template


def test_the_template_gets_variables_secrets_and_layers(shop: Path) -> None:
    layer = "arn:aws:lambda:eu-west-1:1:layer:ffmpeg:3"
    configure(shop, f'name = "shop"\nsecrets = ["STRIPE_KEY"]\nlayers = ["{layer}"]\n[environment]\nGREETING = "hi"\n')
    of = projects.of(shop)
    tree = of.extend(template.load(of.template))
    variables = tree["Globals"]["Function"]["Environment"]["Variables"]
    assert (variables["GREETING"], variables["TASK_PACKAGE"]) == ("hi", "tasks")
    assert tree["Resources"]["Worker"]["Properties"]["Layers"] == [layer]
    reading = projects._reading_secrets(tree["Resources"])
    assert reading
    for statement in reading:
        names = [each["Fn::Sub"].rpartition("/")[2] for each in statement["Resource"]]
        assert names.count("STRIPE_KEY") == names.count("MONGODB_URI") == 1
    assert of.notes() == [
        "the secret STRIPE_KEY has no value here: add it to .secrets.toml",
        "layers are not loaded here: what they contain must be installed on this machine",
    ]


def test_this_repository_is_no_project_of_its_own() -> None:
    of = projects.of(ROOT)
    assert (of.file, of.code, of.tasks, of.variables) == (None, (ROOT,), "worker_fn.tasks", {})
    assert of.here({"A": "1"}) == {"A": "1"}
    tree = template.load(of.template)
    assert of.extend(tree) is tree


def test_requirements_are_ours_and_those_of_the_project_without_the_tools(shop: Path) -> None:
    text = (shop / "pyproject.toml").read_text()
    (shop / "pyproject.toml").write_text(
        text.replace("dependencies = [", 'dependencies = [\n  "markdown>=3",\n  "queuecraft-client",')
    )
    listed = projects.of(shop).requirements().splitlines()
    assert {"markdown>=3", "queuecraft-client", "redis[hiredis]"} <= set(listed)
    assert not [line for line in listed if line.startswith("queuecraft=")]
    (shop / "pyproject.toml").write_text("[")
    with pytest.raises(ProjectError, match=r"pyproject\.toml: "):
        projects.of(shop).requirements()


def test_extra_files_are_found_and_a_pattern_without_any_is_refused(shop: Path) -> None:
    (shop / "templates").mkdir()
    (shop / "templates" / "mail.html").write_text("hi")
    configure(shop, 'name = "shop"\nfiles = ["templates/*.html"]\n')
    assert projects.of(shop).extra_files() == {"templates/mail.html": b"hi"}
    configure(shop, 'name = "shop"\nfiles = ["nowhere/*"]\n')
    with pytest.raises(ProjectError, match=r"files: no file fits 'nowhere/\*'"):
        projects.of(shop).extra_files()


# --- queuecraft init


@pytest.mark.parametrize("name", ["", "Shop", "1shop", "shop_2", "-shop", "shop--a", "s" * 41, "../shop"])
def test_a_name_that_no_stack_can_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(new_project.InitError, match="cannot name a project"):
        new_project.write(tmp_path / "target", name)
    assert not (tmp_path / "target").exists()


def test_nothing_is_overwritten(shop: Path) -> None:
    (shop / "tasks" / "greet.py").write_text("# mine")
    (shop / "app.py").unlink()
    with pytest.raises(new_project.InitError, match="already; nothing was written"):
        new_project.write(shop, "shop")
    assert (shop / "tasks" / "greet.py").read_text() == "# mine"
    assert not (shop / "app.py").exists()


# --- tasks


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the import path whose packages are forgotten afterwards; tasks of others are kept."""
    load_package(own_tasks)
    before = dict(registry.tasks)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    registry._tasks.clear()
    registry._tasks.update(before)
    for name in [name for name in sys.modules if name.startswith("mine_")]:
        del sys.modules[name]


def task_file(name: str) -> str:
    return f'from queuecraft import task\n\n@task("{name}")\ndef run(ctx, payload):\n    """A task."""\n'


def test_tasks_of_the_project_are_loaded_beside_the_built_in_ones(packages: Path) -> None:
    package = packages / f"mine_{packages.name}"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "small.py").write_text(task_file("mine-small"))
    (package / "heavy.py").write_text(task_file("mine-heavy"))
    (package / "broken.py").write_text("1 / 0")
    modules = TaskModules(own_tasks)
    failures = modules.load({"big": ["heavy"]}, own=package.name)
    assert [(each.module, each.reason.partition(":")[0]) for each in failures] == [
        (f"{package.name}.broken", "ZeroDivisionError")
    ]
    assert {"mine-small", "mine-heavy", "simulated", "http_request"} <= set(registry.tasks)
    by_name = {name: modules.pool_of(registry.tasks[name].module) for name in ("mine-small", "mine-heavy", "simulated")}
    assert by_name == {"mine-small": "default", "mine-heavy": "big", "simulated": "default"}
    assert version(package.name) != version()
    first = version(package.name)
    (package / "small.py").write_text(task_file("mine-small") + "# changed\n")
    assert version(package.name) != first


def test_a_pool_loads_its_own_modules_alone(packages: Path) -> None:
    package = packages / f"mine_{packages.name}"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "small.py").write_text("raise SystemExit")
    (package / "heavy.py").write_text(task_file("mine-alone"))
    begun: list[str] = []
    modules = TaskModules(own_tasks)
    assert modules.load({"big": ["heavy"]}, "big", own=package.name, begin=begun.append) == []
    assert begun == [package.name, f"{package.name}.heavy"]


def test_a_package_of_tasks_that_fails_is_named_and_the_built_in_ones_stay(packages: Path) -> None:
    package = packages / f"mine_{packages.name}"
    package.mkdir()
    (package / "__init__.py").write_text("import nowhere_at_all")
    (failure,) = TaskModules(own_tasks).load(own=package.name)
    assert (failure.module, failure.reason.partition(":")[0]) == (package.name, "ModuleNotFoundError")
    (left_out,) = TaskModules(own_tasks).load(own=package.name, leave_out=[package.name])
    assert "TASK_MODULES_LEFT_OUT" in left_out.reason


def test_the_built_in_modules_exist() -> None:
    assert [name for name in BUILT_IN if not (ROOT / "worker_fn" / "tasks" / f"{name}.py").is_file()] == []


def test_the_package_offers_what_tasks_import_and_loads_it_late() -> None:
    code = (
        "import sys, queuecraft; assert 'worker_fn' not in sys.modules; from queuecraft import task, secret; "
        "import worker_fn; assert task == worker_fn.task; "
        "assert set(worker_fn.__all__) | {'secret', 'SecretMissing'} == set(queuecraft.__all__); queuecraft.nothing"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr.splitlines()[-1] == "AttributeError: module 'queuecraft' has no attribute 'nothing'"


def test_its_tests_have_the_fixture_with_its_tasks_and_variables(shop: Path) -> None:
    configure(shop, 'name = "shop"\n[environment]\nGREETING = "hi"\n')
    with (shop / "tests" / "test_greet.py").open("a") as file:
        file.write(
            "\n\ndef test_it_has_the_variables(qc):\n    import os\n\n    assert os.environ['GREETING'] == 'hi'\n"
            "    assert qc.run('simulated', {'page': 3})\n"
        )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "queuecraft_testing.plugin", "-p", "no:cacheprovider"],
        check=False, cwd=shop, env={"PYTHONPATH": str(ROOT), "SIMULATED_JOB_S": "0"}, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


# --- the distribution


def test_the_distribution_requires_what_the_locked_requirements_have() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements" / "dev.txt").read_text(), re.MULTILINE))
    locked |= {"uv": "999", "queuecraft-client": VERSION}  # the installer itself; ours
    for each in map(Requirement, listed):
        assert locked[canonicalize_name(each.name)] in each.specifier, each
    by_name = {canonicalize_name(Requirement(each).name) for each in listed}
    functions = {
        canonicalize_name(Requirement(line).name)
        for line in (ROOT / "requirements" / "runtime.in").read_text().splitlines()
        if line and not line.startswith("#")
    }
    assert functions | {"chalice"} <= by_name
