"""`run`: all in one, and all of it gone with it."""

import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
import requests

from tests.plumbing.processes import APP, Running, command, gone, running, until, without_redis

pytestmark = pytest.mark.slow


def test_run_says_ready_when_everything_is_and_a_dead_child_is_started_again(
    tmp_path: Path, environment: dict[str, str], redis_binary: str
) -> None:
    with running(tmp_path / "d", environment) as run:
        assert set(run.children()) == {"serve", "work", "clock", "standin", "redis-server"}
        assert requests.get(f"{run.base}/health", timeout=3).status_code == 200
        assert requests.get(f"{run.base}/simulator", timeout=3).status_code == 200
        token = {"Authorization": f"Bearer {run.said('staff token')}"}
        assert requests.get(f"{run.base}/api/v1/tickets", headers=token, timeout=3).status_code == 200
        for name in ("clock", "redis-server", "serve"):
            killed = run.children()[name].pid
            os.kill(killed, signal.SIGKILL)
            until(partial(again, run, name, killed))
        until(lambda: answers(run.base))
        pids = [child.pid for child in run.children().values()]
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(25) == 0
        assert gone(pids)


def test_children_end_when_run_is_killed(tmp_path: Path, environment: dict[str, str]) -> None:
    with running(tmp_path / "d", environment) as run:
        pids = [child.pid for child in run.children().values()]
        assert len(pids) == 5
        run.process.kill()
        run.process.wait()
        until(lambda: gone(pids), 15)


def test_a_second_run_on_the_same_folder_or_port_is_refused_and_a_second_start_keeps_the_secrets(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    data = tmp_path / "d"
    data.mkdir()
    with (data / "run.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert command(["run", "--data", str(data), "--port", "0"], environment, cwd=tmp_path).returncode == 2
    with running(data, environment) as run:  # the file of a run that was killed is there, and free
        port = run.base.rsplit(":", 1)[1]
        taken = command(["run", "--data", str(tmp_path / "e"), "--port", port], environment, cwd=tmp_path)
        assert (taken.returncode, "--port" in taken.stderr) == (2, True)
        second = command(["run", "--data", str(data), "--port", "0"], environment, cwd=tmp_path)
        assert second.returncode == 2
        assert str(run.process.pid) in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1
        token = run.said("staff token")
    kept = data / "sample-secrets.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    secrets = json.loads(kept.read_text())
    with running(data, environment) as run:
        assert run.said("staff token") == token
        assert json.loads(kept.read_text()) == secrets


def test_without_any_redis_it_says_so_and_how_to_install_one_and_works(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with running(tmp_path / "d", without_redis(environment, tmp_path)) as run:
        assert run.said("queue").startswith("none")
        assert "apt install redis-server" in run.said("queue")
        assert set(run.children()) == {"serve", "clock", "standin"}
        assert requests.get(f"{run.base}/health", timeout=3).status_code == 200


def test_a_set_secret_wins_over_the_generated_one(tmp_path: Path, environment: dict[str, str]) -> None:
    with running(tmp_path / "d", {**environment, "WEBHOOK_SECRET": "ours"}) as run:
        stranger = requests.post(
            f"{run.base}/hooks/webhook", data=b"{}", headers={"X-Signature": "sha256=0"}, timeout=3
        )
        assert stranger.status_code == 403
        assert "ours" not in (tmp_path / "d" / "sample-secrets.json").read_text()


def test_an_open_host_for_the_sample_is_refused(tmp_path: Path, environment: dict[str, str]) -> None:
    wide = command(
        ["run", "--data", str(tmp_path / "f"), "--host", "0.0.0.0", "--port", "0"],  # noqa: S104 - to be refused
        environment,
        cwd=tmp_path,
    )
    assert (wide.returncode, "127.0.0.1" in wide.stderr) == (2, True)


def test_ctrl_c_ends_it_while_it_starts(tmp_path: Path, environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, APP, "run", "--data", str(tmp_path / "d"), "--port", "0"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("data: ")
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(25) == 0


def again(run: Running, name: str, killed: int) -> bool:
    child = run.children().get(name)
    return child is not None and child.pid != killed


def answers(base: str) -> bool:
    try:
        return requests.get(f"{base}/health", timeout=2).status_code == 200
    except requests.RequestException:
        return False
