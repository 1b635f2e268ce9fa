"""Checks that stop a deployment before anything is created."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.aws import checks
from infra.aws.session import NoRegionError, session

ROOT = "arn:aws:iam::123456789012:root"
ROLE = "arn:aws:iam::123456789012:role/ci/deployer"


class Account:
    """AWS's answers about an account; also stands for each of its clients."""

    def __init__(
        self, *, limit: int = 1000, free: int = 1000, caller: str = ROOT, denied: tuple[str, ...] = ()
    ) -> None:
        self.limit = {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": free}
        self.caller = caller
        self.denied = denied
        self.reserved: dict[str, int] = {}
        self.asked: list[str] = []

    def client(self, _name: str) -> "Account":
        return self

    def get_account_settings(self) -> Any:
        return {"AccountLimit": self.limit}

    def get_function_concurrency(self, FunctionName: str) -> Any:  # noqa: N803 - boto3's name
        if FunctionName not in self.reserved:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": ""}}, "GetFunctionConcurrency")
        return {"ReservedConcurrentExecutions": self.reserved[FunctionName]}

    def get_caller_identity(self) -> Any:
        return {"Arn": self.caller}

    def get_role(self, RoleName: str) -> Any:  # noqa: N803 - boto3's name
        assert RoleName == "deployer"
        return {"Role": {"Arn": ROLE}}

    def simulate_principal_policy(self, PolicySourceArn: str, ActionNames: list[str]) -> Any:  # noqa: N803 - boto3's
        if self.denied == ("*",):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "SimulatePrincipalPolicy")
        self.asked.append(PolicySourceArn)
        decided = {name: "implicitDeny" if name in self.denied else "allowed" for name in ActionNames}
        return {"EvaluationResults": [{"EvalActionName": n, "EvalDecision": d} for n, d in decided.items()]}


WANTED = {"WorkerReservedConcurrency": "3", "ManagerReservedConcurrency": "2"}


@pytest.mark.parametrize(
    ("limit", "free", "previous", "fits"),
    [
        (1000, 1000, {}, True),
        (10, 10, {}, False),  # a new account
        (1000, 104, {}, False),
        (1000, 105, {}, True),
        (1000, 100, WANTED, True),  # what the stack already reserves is not needed again
        (1000, 100, {**WANTED, "WorkerReservedConcurrency": "2"}, False),
    ],
)
def test_an_account_without_room_for_the_reserved_executions_is_reported(
    limit: int, free: int, previous: dict[str, str], fits: bool
) -> None:
    problems = list(checks.quota(Account(limit=limit, free=free), WANTED, previous, {}))
    assert (problems == []) is fits
    assert all("Service Quotas" in problem for problem in problems)


def test_executions_of_pools_count_unless_their_functions_have_them() -> None:
    account = Account(free=105)
    pools = {"qc-worker-heavy": 3}
    assert list(checks.quota(account, WANTED, {}, {})) == []
    assert len(list(checks.quota(account, WANTED, {}, pools))) == 1
    account.reserved = {"qc-worker-heavy": 3}
    assert list(checks.quota(account, WANTED, {}, pools)) == []


def test_missing_permissions_of_the_caller_are_reported() -> None:
    session_of_role = "arn:aws:sts::123456789012:assumed-role/deployer/run-7"
    account = Account(caller=session_of_role, denied=("iam:CreateRole", "cloudfront:CreateDistribution"))
    (problem,) = checks.permissions(account, {"Dashboard": "true", "Redis": "outside"}, pytest.fail)
    assert problem == f"{session_of_role} may not cloudfront:CreateDistribution, iam:CreateRole"
    assert account.asked == [ROLE], "the role behind the session, by its path"
    # permissions for resources that the stack does not create are not needed
    denied = Account(caller=ROLE, denied=("ec2:CreateVpc", "iam:AttachRolePolicy"))
    assert list(checks.permissions(denied, {"Redis": "outside", "WorkerPolicies": ""}, pytest.fail)) == []
    (problem,) = checks.permissions(denied, {"WorkerPolicies": "arn:aws:iam::1:policy/a"}, pytest.fail)
    assert problem.endswith("may not iam:AttachRolePolicy")


def test_permissions_that_cannot_be_read_are_reported_as_unknown() -> None:
    said: list[str] = []
    assert list(checks.permissions(Account(caller=ROLE, denied=("*",)), {}, said.append)) == []
    assert "were not checked" in said[0]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, None),
        ({"DomainName": "jobs.example", "CertificateArn": "arn:aws:acm:us-east-1:1:certificate/a"}, None),
        ({"DomainName": "jobs.example"}, "go together"),
        ({"CertificateArn": "arn:aws:acm:us-east-1:1:certificate/a"}, "go together"),
        ({"DomainName": "jobs.example", "CertificateArn": "arn:aws:acm:eu-west-1:1:certificate/a"}, "us-east-1"),
    ],
)
def test_a_domain_comes_with_its_certificate(values: dict[str, str], problem: str | None) -> None:
    found = list(checks.domain(values))
    assert (found == []) if problem is None else (problem in found[0])


# --- databases


@pytest.mark.parametrize(
    ("uri", "problem"),
    [
        ("postgres://db", "cannot be used"),
        ("mongodb://u:p@ss@host", "cannot be used"),
        ("mongodb://localhost:27017", "names this computer"),
        ("mongodb://[::1]:27017", "names this computer"),
    ],
)
def test_an_address_that_no_function_can_use_is_reported(uri: str, problem: str) -> None:
    (found,) = checks.database(uri, pytest.fail)
    assert problem in found and "p@ss" not in found


def test_a_replica_set_is_good_and_an_unreachable_server_unknown(
    mongo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(checks.server(mongo_url, pytest.fail)) == []
    monkeypatch.setattr(checks, "TIMEOUT_MS", 200)
    said: list[str] = []
    assert list(checks.server("mongodb://127.0.0.1:1", said.append)) == []
    assert "was not reached from here" in said[0]


# --- all checks


def test_all_problems_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "stored", lambda *_: ["no MONGODB_URI"])
    account = Account(limit=10, free=10, caller=ROLE, denied=("iam:CreateRole",))
    values = {**WANTED, "DomainName": "jobs.example"}
    with pytest.raises(checks.ChecksFailedError) as refused:
        checks.check(account, "qc", values, {}, pytest.fail, {"qc-worker-" + "p" * 60: 1})
    first, *problems = str(refused.value).splitlines()
    assert first == "Nothing was changed."
    assert len(problems) == 5


def test_the_region_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    profile = tmp_path / "config"
    profile.write_text("[default]\nregion = us-west-2\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(profile))
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    assert session({}).region_name == "us-west-2"
    assert session({"AWS_DEFAULT_REGION": "eu-west-1"}).region_name == "eu-west-1"
    assert session({"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-north-1"}).region_name == "eu-north-1"
    profile.unlink()
    with pytest.raises(NoRegionError, match="AWS_REGION"):
        session({})
