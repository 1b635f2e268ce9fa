"""Images and compose files, checked without an engine: paths, ports, commands, health checks, nginx."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml
from packaging.utils import canonicalize_name

from infra.aws import imports, package
from infra.local import children
from infra.local.children import free_port, wait_until

ROOT = package.ROOT
DOCKERFILES = sorted((ROOT / "infra" / "docker").glob("*.Dockerfile"))
COMPOSITIONS = [
    ["compose.yaml"],
    ["compose.yaml", "compose.dev.yaml"],
    ["compose.yaml", "compose.monitoring.yaml"],
    ["compose.localstack.yaml"],
]
SERVICE_KEYS = {
    "image", "build", "command", "environment", "ports", "volumes", "healthcheck", "depends_on", "restart",
    "stop_grace_period",
}  # fmt: skip
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Instruction and argument of each line, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", dockerfile.read_text())
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def arguments(dockerfile: Path, instruction: str) -> list[str]:
    return [argument for name, argument in instructions(dockerfile) if name == instruction]


def compose(name: str) -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load((ROOT / name).read_text())
    return tree


def environment(dockerfile: Path) -> dict[str, str]:
    pairs = [pair for argument in arguments(dockerfile, "ENV") for pair in shlex.split(argument)]
    return dict(pair.split("=", 1) for pair in pairs)


# --- Dockerfiles


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_images_follow_the_rules(dockerfile: Path) -> None:
    """Check the rules of hadolint that matter here, by its numbers."""
    lines = instructions(dockerfile)
    stages = [argument.split() for name, argument in lines if name == "FROM"]
    assert len(stages) == 2, "multi-stage"
    for image, *_ in stages:
        assert re.search(r":[\w.-]*\d", image) and ":latest" not in image, f"DL3006, DL3007: pin {image}"
    assert "ADD" not in {name for name, _ in lines}, "DL3020"
    last = next(n for n in range(len(lines) - 1, -1, -1) if lines[n][0] == "FROM")
    users = [argument for name, argument in lines[last:] if name == "USER"]
    assert users and users[-1].isdigit() and users[-1] != "0", "DL3002: not root"
    for name, argument in lines:
        if name in {"CMD", "ENTRYPOINT"}:
            assert isinstance(json.loads(argument), list), "DL3025: as JSON"
        if name == "RUN" and "pip install" in argument:
            assert "--no-cache-dir" in argument, "DL3042"
            assert all("==" in word for word in argument.split("--no-cache-dir", 1)[1].split("&&")[0].split()), "DL3013"
        if name == "WORKDIR":
            assert argument.startswith("/"), "DL3000"
    assert len(arguments(dockerfile, "HEALTHCHECK")) == 1


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_what_images_copy_exists_and_reaches_the_builder(dockerfile: Path) -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for argument in arguments(dockerfile, "COPY"):
        if argument.startswith("--from"):
            continue
        *sources, _ = argument.split()
        for source in sources:
            assert (ROOT / source).exists(), source
            reached = [entry for entry in allowed if source == entry or source.startswith(f"{entry}/")]
            assert reached or any(fnmatch(source, entry) for entry in allowed), f".dockerignore hides {source}"


def test_the_image_has_what_the_local_aws_imports() -> None:
    code = (
        "import sys, pkgutil, importlib, infra.local\n"
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(infra.local.__path__, 'infra.local.')"
        " if not m.name.endswith(('.__main__', '.manifest', '.testing', '.child', '.launch', '.moto_server'))]\n"
        "print('\\n'.join({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    providers = metadata.packages_distributions()
    needed = {name for module in set(done.stdout.split()) & providers.keys() for name in providers[module]}
    locked = {line.partition("==")[0] for line in (ROOT / "requirements" / "image.txt").read_text().splitlines()}
    # `_distutils_hack` is set up by every interpreter with setuptools; certifi and coverage come with the tests
    missing = {canonicalize_name(name) for name in needed} - locked - {"setuptools", "coverage", "pytest-cov"}
    assert not missing
    assert {"awslambdaric", "chalice", "boto3"} <= locked


def test_the_image_has_what_the_functions_import_at_the_versions_that_are_tested() -> None:
    needed: set[str] = set()
    wanted = imports.extras((ROOT / "requirements" / "runtime.in").read_text())
    for own in imports.OWN_PACKAGES:
        needed |= imports.closure(imports.expand(own), wanted, "x86_64").distributions
    locks = [(ROOT / "requirements" / name).read_text() for name in ("image.txt", "dev.txt")]
    image, dev = (dict(re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE)) for lock in locks)
    assert needed <= image.keys(), "run: make lock-infra"
    assert image.items() <= dev.items(), "run: make lock-infra"


# --- compose


@pytest.mark.parametrize("names", COMPOSITIONS, ids=" + ".join)
def test_compose_files_are_valid(names: list[str], tmp_path: Path) -> None:
    for name in names:
        for service in compose(name)["services"].values():
            assert set(service) <= SERVICE_KEYS
    program = shutil.which("docker-compose")
    if program is None:
        return  # the keys are checked; the checker is Debian's package `docker-compose`
    files = []
    for name in names:
        tree = compose(name)
        tree.pop("name", None)  # newer than that checker
        (tmp_path / name).write_text(yaml.safe_dump(tree))
        files += ["-f", str(tmp_path / name)]
    done = subprocess.run(
        [program, "--project-directory", str(ROOT), *files, "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GRAFANA_PASSWORD": "x"},
    )
    assert done.returncode == 0, done.stderr


def test_every_service_is_pinned_healthy_and_on_loopback() -> None:
    services = {
        k: v for names in COMPOSITIONS for n in names for k, v in compose(n)["services"].items() if "image" in v
    }
    assert {"mongodb", "redis", "app", "dashboard", "prometheus", "grafana", "localstack"} == set(services)
    for name, service in services.items():
        assert "build" in service or re.search(r":v?\d", service["image"]), name
        assert "build" in service or "healthcheck" in service, name
    for name in {file for names in COMPOSITIONS for file in names}:
        for service in compose(name)["services"].values():
            assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_compose_refers_to_what_exists() -> None:
    for names in COMPOSITIONS:
        for name in names:
            for service in compose(name)["services"].values():
                if "build" in service:
                    assert (ROOT / service["build"]["dockerfile"]).is_file()
                for volume in service.get("volumes", []):
                    if volume.startswith("./"):
                        assert (ROOT / volume.split(":")[0]).exists(), volume


def test_ports_of_images_and_compose_agree() -> None:
    for dockerfile in DOCKERFILES:
        service = compose("compose.yaml")["services"][dockerfile.stem]
        inside = {port.rpartition(":")[2] for port in service["ports"]}
        assert inside == set(" ".join(arguments(dockerfile, "EXPOSE")).split())
        values = environment(dockerfile)
        assert inside <= {values.get(name, "") for name in ("PORT", "WS_PORT", "UI_PORT")}
    assert compose("compose.monitoring.yaml")["services"]["prometheus"]["volumes"][0].startswith("./infra/monitoring/")
    assert "app:2000" in (ROOT / "infra" / "monitoring" / "prometheus.yml").read_text()


# --- commands of the images


@pytest.fixture(scope="module")
def app_ports(tmp_path_factory: pytest.TempPathFactory, mongo_url: str, redis_url: str) -> Iterator[dict[str, int]]:
    """The command of the app's image with its environment, on other ports and this run's databases."""
    dockerfile = ROOT / "infra" / "docker" / "app.Dockerfile"
    values = environment(dockerfile)
    del values["PATH"]
    ports = {name: free_port() for name in ("PORT", "WS_PORT", "AWS_PORT", "UI_PORT")}
    home = tmp_path_factory.mktemp("app")
    given = {
        **{name: value for name, value in os.environ.items() if not name.startswith("QC_")},
        **values,
        **{name: str(port) for name, port in ports.items()},
        "BIND": "127.0.0.1",
        "QUEUECRAFT_HOME": str(home),
        "MONGODB_URI": mongo_url,
        "REDIS_URL": redis_url,
        "MONGODB_DATABASE": "image",
        "REDIS_NAMESPACE": "image",
    }
    command = json.loads(arguments(dockerfile, "CMD")[0])
    process = children.spawn([sys.executable, *command[1:]], log=home / "output.log", cwd=ROOT, env=given)
    try:
        healthy = wait_until(lambda: health(ports["PORT"]) == 0, timeout_s=120, poll_s=0.5)
        assert healthy, (home / "output.log").read_text()[-3000:]
        yield ports
    finally:
        children.end(process, grace_s=20)


def health(port: int) -> int:
    """The health check of the app's image."""
    (check,) = arguments(ROOT / "infra" / "docker" / "app.Dockerfile", "HEALTHCHECK")
    command = json.loads(check[check.index("CMD") + 3 :])
    url = command[-1].replace("2000", str(port))
    return subprocess.run([sys.executable, *command[1:-1], url], cwd=ROOT, capture_output=True, check=False).returncode


def test_the_entry_point_of_the_app_runs_and_its_health_check_passes(app_ports: dict[str, int]) -> None:
    assert health(app_ports["PORT"]) == 0
    assert health(free_port()) == 1


def nginx_config(folder: Path, values: dict[str, str]) -> Path:
    """Render the template as the image's entry point does, into a configuration like the image's."""
    server = Template((ROOT / "infra" / "docker" / "nginx.conf.template").read_text()).safe_substitute(values)
    server = server.replace("/usr/share/nginx/html", str(folder / "html"))
    temporary = "\n".join(
        f"  {name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    # workers of a root run as another user, who cannot read this folder; in the image nothing runs as root
    user = "user root;\n" if os.geteuid() == 0 else ""
    path.write_text(
        f"{user}pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n  default_type application/octet-stream;\n  access_log off;\n{temporary}\n{server}\n}}\n"
    )
    return path


def test_nginx_serves_the_dashboard_and_passes_the_api_on(app_ports: dict[str, int], tmp_path: Path) -> None:
    values = environment(ROOT / "infra" / "docker" / "dashboard.Dockerfile")
    template = (ROOT / "infra" / "docker" / "nginx.conf.template").read_text()
    assert set(re.findall(r"\$\{(\w+)\}", template)) == set(values), "the image sets what the template uses"
    if NGINX is None:
        assert template.count("{") == template.count("}")
        return  # the rest requires Debian's package `nginx`
    port = free_port()
    values |= {
        "UI_PORT": f"127.0.0.1:{port}",
        "API_URL": f"http://127.0.0.1:{app_ports['PORT']}",
        "WS_URL": f"http://127.0.0.1:{app_ports['WS_PORT']}",
    }
    html = tmp_path / "html"
    (html / "assets").mkdir(parents=True)
    (html / "index.html").write_text("<!doctype html><title>QueueCraft</title>")
    (html / "assets" / "app-12345678.js").write_text("0")
    config = nginx_config(tmp_path, values)
    checked = subprocess.run([NGINX, "-t", "-c", str(config)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = children.spawn([NGINX, "-g", "daemon off;", "-c", str(config)], log=tmp_path / "nginx.log")
    try:
        url = f"http://127.0.0.1:{port}"
        assert wait_until(lambda: health_of(url + "/config.json"), timeout_s=10)
        assert json.loads(get(url + "/config.json")[0])["stack"] == "queuecraft-local"
        assert get(url + "/api/sync")[0].isdigit()
        page, headers = get(url + "/job/0123456789abcdef01234567")
        assert "QueueCraft" in page and headers["Cache-Control"] == "no-cache"
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"):
            assert name in headers
        assert "max-age=31536000" in get(url + "/assets/app-12345678.js")[1]["Cache-Control"]
    finally:
        children.end(process, grace_s=5)


def get(url: str) -> tuple[str, dict[str, str]]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode(), dict(answer.headers)


def health_of(url: str) -> bool:
    try:
        return bool(get(url))
    except OSError:
        return False
