"""The list of pools: read whole, checked, and written into the template."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.pools import pool_of
from infra.local.deployed import pool_functions, pools, template
from infra.local.deployed.pools import Pool, Pools, PoolsError

ROOT = Path(__file__).resolve().parents[2]
Tree = dict[str, Any]
HEAVY = {
    "modules": ["reports", "media"],
    "memory_mb": 3008,
    "timeout_s": 600,
    "storage_mb": 2048,
    "concurrency": 2,
    "fleet": 5,
    "architecture": "arm64",
    "policies": ["arn:aws:iam::${AWS::AccountId}:policy/reports"],
    "environment": {"THREADS": "4"},
}


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[Any], Pools]:
    """Reads a list of pools in a project with the task modules `reports`, `media.resize` and `small`."""
    tasks = tmp_path / "worker_fn" / "tasks"
    (tasks / "media").mkdir(parents=True)
    for name in ("reports.py", "small.py", "media/resize.py"):
        (tasks / name).touch()
    (tmp_path / ".chalice").mkdir()

    def read(tree: Any) -> Pools:
        (tmp_path / pools.FILE).write_text(tree if isinstance(tree, str) else json.dumps(tree))
        return pools.read(tmp_path)

    return read


# --- the list


def test_without_a_list_there_is_one_pool_with_every_module(tmp_path: Path) -> None:
    found = pools.read(tmp_path)
    assert found.names() == ["default"]
    assert found.default == Pool()
    assert pool_of("anything", found.modules) == "default"


def test_a_pool_has_its_modules_and_packages_and_default_the_rest(listed: Callable[[Any], Pools]) -> None:
    found = listed({"heavy": HEAVY})
    assert found.names() == ["default", "heavy"]
    assert json.loads(found.variable) == {"heavy": ["reports", "media"]}
    by_module = {name: pool_of(name, found.modules) for name in ("reports", "media", "media.resize", "reports2", "x")}
    assert [name for name, pool in by_module.items() if pool == "heavy"] == ["reports", "media", "media.resize"]
    modules = ["worker_fn.handler", "worker_fn.tasks", "worker_fn.tasks.media.resize", "worker_fn.tasks.small"]
    assert pools.tasks_of_others("heavy", modules, found) == ["worker_fn.tasks.small"]
    assert pools.tasks_of_others("default", modules, found) == ["worker_fn.tasks.media.resize"]


def test_what_a_pool_leaves_out_has_defaults(listed: Callable[[Any], Pools]) -> None:
    heavy = listed({"heavy": {"modules": ["reports"]}}).get("heavy")
    assert (heavy.memory_mb, heavy.timeout_s, heavy.storage_mb, heavy.concurrency, heavy.fleet) == (
        512,
        900,
        512,
        5,
        10,
    )


@pytest.mark.parametrize(
    ("tree", "problem"),
    [
        ({"heavy": {"modules": ["reports"], "memory_mb": "1G"}}, "heavy.memory_mb: Input should be a valid integer"),
        ({"heavy": {"modules": ["reports"], "memory_mb": 128}}, "heavy.memory_mb: Input should be greater than or"),
        ({"heavy": {"modules": ["reports"], "timeout_s": 901}}, "heavy.timeout_s: "),
        ({"heavy": {"modules": ["reports"], "memory": 512}}, "heavy.memory: Extra inputs are not permitted"),
        ({"heavy": {"modules": ["reports"], "architecture": "mips"}}, "heavy.architecture: "),
        ({"heavy": {"modules": ["reports"], "policies": ["reader"]}}, "heavy.policies.0: "),
        ({"heavy": {"modules": ["reports"], "environment": {"a-b": ""}}}, "heavy.environment.a-b: "),
        ({"heavy": {"modules": ["reports"], "environment": {"POOL": "x"}}}, "heavy.environment.POOL: the deployment"),
        ({"heavy": {"modules": ["reports"], "environment": {"AWS_REGION": "x"}}}, "heavy.environment.AWS_REGION: "),
        ({"heavy": {}}, "heavy.modules: Field required"),
        ({"heavy": {"modules": []}}, "heavy.modules: List should have at least 1 item"),
        ({"heavy": {"modules": ["nowhere"]}}, "heavy.modules: there is no worker_fn/tasks/nowhere.py"),
        ({"heavy": {"modules": ["reports"], "concurrency": 8, "fleet": 4}}, "heavy.fleet: the slots of all workers"),
        ({"Heavy": {"modules": ["reports"]}}, "Heavy: String should match pattern"),
        ({"h" * 33: {"modules": ["reports"]}}, f"{'h' * 33}: String should have at most 32 characters"),
        ({"default": {"modules": ["reports"]}}, "default.modules: default has the modules that no other pool names"),
        ({"default": {"fleet": 20}}, "default.concurrency and default.fleet go together"),
        (
            {"heavy": {"modules": ["media"]}, "light": {"modules": ["media.resize"]}},
            "light.modules: media.resize belongs to the pool heavy, which names media",
        ),
        (
            {"a-1": {"modules": ["reports"]}, "a1": {"modules": ["small"]}},
            "a1: its function cannot be told apart from that of a-1",
        ),
        ([], "must be an object"),
        ("{", "Expecting property name"),
        ('{"heavy": {"modules": ["reports"]}, "heavy": {"modules": ["small"]}}', "heavy is given twice"),
    ],
)
def test_a_wrong_list_is_refused_by_the_name_of_the_field(
    tree: Any, problem: str, listed: Callable[[Any], Pools]
) -> None:
    with pytest.raises(PoolsError) as raised:
        listed(tree)
    assert problem in str(raised.value)
    assert ".chalice/pools.json" in str(raised.value)


def test_every_problem_is_reported(listed: Callable[[Any], Pools]) -> None:
    with pytest.raises(PoolsError) as raised:
        listed({"heavy": {"modules": ["reports"], "memory_mb": 1, "fleet": 0}, "light": {}})
    assert len(str(raised.value).splitlines()) == 1 + 3


def test_tasks_that_a_pool_would_cut_short_are_named(listed: Callable[[Any], Pools]) -> None:
    found = listed({"heavy": HEAVY})
    assert found.too_long({"report": ("heavy", 540), "ping": ("default", 840)}) == []
    (message,) = found.too_long({"report": ("heavy", 541)})
    assert message.startswith("the task report has timeout_s=541, but a job may take 540 s in the pool heavy")


# --- the template


@pytest.fixture(scope="module")
def declared() -> Tree:
    return template.load(ROOT / "infra" / "aws" / "template.yaml")


@pytest.fixture
def expanded(declared: Tree, listed: Callable[[Any], Pools]) -> Tree:
    return pool_functions.expand(declared, listed({"heavy": HEAVY}))


def properties(tree: Tree, logical_id: str) -> Tree:
    found: Tree = tree["Resources"][logical_id]["Properties"]
    return found


def test_without_a_list_the_template_stays_as_it_is(declared: Tree) -> None:
    assert pool_functions.expand(declared, Pools()) == declared


def test_a_pool_is_a_function_with_its_own_limits(expanded: Tree) -> None:
    heavy = properties(expanded, "HeavyWorker")
    assert heavy["FunctionName"] == {"Fn::Sub": "${AWS::StackName}-worker-heavy"}
    assert heavy["CodeUri"] == "./worker-heavy.zip"
    assert heavy["Architectures"] == ["arm64"]
    assert (heavy["MemorySize"], heavy["Timeout"], heavy["EphemeralStorage"]) == (3008, 600, {"Size": 2048})
    assert heavy["ReservedConcurrentExecutions"] == 4, "5 slots of 2 a worker, and one for the handover"
    assert "Events" not in heavy, "only the default pool runs maintenance"
    variables = heavy["Environment"]["Variables"]
    assert variables["POOL"] == "heavy"
    assert (variables["JOB_CONCURRENCY"], variables["POOL_FLEET"], variables["THREADS"]) == (2, 5, "4")
    assert "JOB_FLEET_CONCURRENCY" not in variables, "everywhere that of the default pool"
    shared = expanded["Globals"]["Function"]["Environment"]["Variables"]
    assert json.loads(shared["POOLS"]) == {"heavy": ["reports", "media"]}


def test_the_worker_of_the_default_pool_is_the_templates(declared: Tree, expanded: Tree) -> None:
    worker = properties(expanded, "Worker")
    assert worker == properties(declared, "Worker")


def test_a_pool_has_a_role_a_log_group_and_alarms_of_its_own(expanded: Tree) -> None:
    heavy = properties(expanded, "HeavyWorker")
    assert heavy["Role"] == {"Fn::GetAtt": ["HeavyWorkerRole", "Arn"]}
    assert heavy["LoggingConfig"] == {"LogGroup": {"Ref": "HeavyWorkerLogs"}}
    role = properties(expanded, "HeavyWorkerRole")
    assert role["ManagedPolicyArns"] == [{"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/reports"}]
    (logs,) = [policy for policy in role["Policies"] if policy.get("PolicyName") == "logs"]
    assert logs["PolicyDocument"]["Statement"][0]["Resource"] == {"Fn::GetAtt": ["HeavyWorkerLogs", "Arn"]}
    group = properties(expanded, "HeavyWorkerLogs")["LogGroupName"]
    assert group == {"Fn::Sub": "/aws/lambda/${AWS::StackName}-worker-heavy"}
    for alarm, slug in (("Errors", "errors"), ("Throttles", "throttles"), ("EventsDropped", "events-dropped")):
        its = properties(expanded, f"HeavyWorker{alarm}Alarm")
        assert its["AlarmName"] == {"Fn::Sub": f"${{AWS::StackName}}-worker-heavy-{slug}"}
        assert its["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "HeavyWorker"}}]


def test_whoever_may_invoke_the_worker_may_invoke_every_pool(expanded: Tree) -> None:
    def invoked(role: str) -> list[str]:
        statements = [
            statement
            for policy in properties(expanded, role)["Policies"]
            for statement in policy.get("PolicyDocument", {}).get("Statement", [])
            if statement["Action"] == "lambda:InvokeFunction"
        ]
        resources = statements[0]["Resource"]
        return [arn["Fn::Sub"].rpartition(":function:")[2] for arn in resources]

    waited_for = [f"${{AWS::StackName}}-{name}" for name in ("ticker", "worker", "worker-heavy")]
    assert sorted(invoked("WorkerRole")) == sorted(invoked("HeavyWorkerRole")) == waited_for
    all_of_them = ["${AWS::StackName}-connection-manager", *waited_for]
    assert sorted(invoked("ApiHandlerRole")) == sorted(invoked("WebsocketMessageRole")) == all_of_them


def test_the_dashboard_shows_every_pool(expanded: Tree) -> None:
    text = properties(expanded, "OperationsDashboard")["DashboardBody"]["Fn::Sub"][0]
    json.loads(text)
    assert text.count('["...", "${HeavyWorker}"]') == text.count('["...", "${Worker}"]') == 3
    assert '"${WorkerErrorsAlarm.Arn}", "${HeavyWorkerErrorsAlarm.Arn}"' in text


def test_what_the_list_says_of_default_replaces_parameters(declared: Tree, listed: Callable[[Any], Pools]) -> None:
    tree = pool_functions.expand(
        declared,
        listed(
            {
                "default": {
                    "memory_mb": 1024, "concurrency": 4, "fleet": 8, "timeout_s": 300, "environment": {"A": "b"},
                    "policies": ["arn:aws:iam::1:policy/a"],
                }
            }
        ),
    )  # fmt: skip
    worker = properties(tree, "Worker")
    assert (worker["MemorySize"], worker["Timeout"], worker["ReservedConcurrentExecutions"]) == (1024, 300, 3)
    assert worker["Environment"]["Variables"]["A"] == "b"
    shared = tree["Globals"]["Function"]["Environment"]["Variables"]
    assert (shared["JOB_CONCURRENCY"], shared["JOB_FLEET_CONCURRENCY"]) == (4, 8)
    assert "arn:aws:iam::1:policy/a" in str(properties(tree, "WorkerRole")["ManagedPolicyArns"])
    gone = {"WorkerMemory", "JobConcurrency", "JobFleetConcurrency", "WorkerReservedConcurrency", "WorkerPolicies"}
    assert not gone & set(tree["Parameters"])
    assert not [name for name in gone if f"'{name}'" in str(tree)]
    assert "WorkerMemory" in declared["Parameters"], "the template itself stays as it is"


def test_the_time_limit_of_default_is_that_of_the_template_unless_the_list_has_one(
    declared: Tree, listed: Callable[[Any], Pools]
) -> None:
    tree = copy.deepcopy(declared)
    properties(tree, "Worker")["Timeout"] = 240
    expanded = pool_functions.expand(tree, listed({"default": {}, "heavy": HEAVY}))
    assert (properties(expanded, "Worker")["Timeout"], properties(expanded, "HeavyWorker")["Timeout"]) == (240, 600)


def test_a_template_without_a_worker_cannot_have_pools(listed: Callable[[Any], Pools]) -> None:
    with pytest.raises(PoolsError, match="Worker, WorkerRole"):
        pool_functions.expand({"Resources": {}}, listed({"heavy": HEAVY}))
