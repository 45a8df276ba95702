"""What `quorum run` makes of its options about the machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import run as command
from app.engine.devices import Devices
from app.engine.memory import Gpu
from app.run.plan import Plan
from app.run.progress import RunSnapshot, RunState
from app.store import runs
from app.store.project import Project
from tests.cli.commands import quorum
from tests.tui.filled_projects import fill

CARD = Devices(built_for_gpus=True, gpus=(Gpu("A card", 8 * 10**9, 8 * 10**9),))


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch, bundled_models: Any) -> list[Plan]:
    """Have no run made; collect the plans it would be made by."""
    seen: list[Plan] = []

    class Session:
        def __init__(
            self, _project: object, plan: Plan, _listener: object, *, headless: bool, site: object
        ) -> None:
            assert headless and site is None
            seen.append(plan)

        async def run(self) -> RunSnapshot:
            return RunSnapshot(1, "", RunState.DONE, 1, (), (), (), (), 0.0, None)

    monkeypatch.setattr(command, "RunSession", Session)
    return seen


def quorum_run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(command.run, [str(folder / "run.db"), *options], standalone_mode=False)


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> list[Devices]:
    """What the machine has to offer: the first of the list."""
    found = [Devices(built_for_gpus=False)]

    async def find() -> Devices:
        return found[0]

    monkeypatch.setattr(command, "find_devices", find)
    return found


@pytest.mark.parametrize(("typed", "layers"), [("auto", None), ("0", 0), ("17", 17)])
def test_gpu_layers_are_a_number_or_all_that_fit(
    plans: list[Plan], devices: list[Devices], tmp_path: Path, typed: str, layers: int | None
) -> None:
    devices[0] = CARD
    done = quorum_run(tmp_path, "--gpu-layers", typed)
    assert done.exception is None and done.return_value == 0
    assert plans[0].gpu_layers == layers
    assert "GPU" not in done.stderr


@pytest.mark.parametrize("typed", ["auto", "17"])
def test_gpu_layers_say_in_one_line_when_they_have_no_effect(
    plans: list[Plan], devices: list[Devices], tmp_path: Path, typed: str
) -> None:
    done = quorum_run(tmp_path, "--gpu-layers", typed)
    assert done.return_value == 0, "it is no error"
    assert done.stderr.count("GPU layers have no effect: this llama.cpp is built for the processor") == 1
    devices[0] = Devices(built_for_gpus=True)
    assert "llama.cpp finds no GPU here" in quorum_run(tmp_path, "--gpu-layers", typed).stderr
    assert "GPU" not in quorum_run(tmp_path).stderr, "nobody asked"


@pytest.mark.parametrize("typed", ["many", "-3", "1.5", "", "99999"])
def test_anything_else_is_a_mistake_in_use(
    plans: list[Plan], devices: list[Devices], tmp_path: Path, typed: str
) -> None:
    done = quorum_run(tmp_path, f"--gpu-layers={typed}")
    assert "is neither auto nor a number of layers" in str(done.exception)
    assert not plans


@pytest.mark.parametrize(
    ("typed", "context"), [((), None), (("--context", "auto"), "auto"), (("--context", "8192"), 8192)]
)
def test_the_context_is_the_recipe_s_unless_one_is_typed(
    plans: list[Plan], devices: list[Devices], tmp_path: Path, typed: tuple[str, ...], context: object
) -> None:
    quorum_run(tmp_path, *typed)
    assert [plan.context for plan in plans] == [context]


@pytest.mark.parametrize("typed", ["long", "-1", "255", "1e4", ""])
def test_a_context_that_is_none_is_a_mistake_in_use(
    plans: list[Plan], devices: list[Devices], tmp_path: Path, typed: str
) -> None:
    done = quorum_run(tmp_path, f"--context={typed}")
    assert "is neither auto nor a number of tokens of at least 256" in str(done.exception)
    assert not plans


def test_models_can_be_named(
    plans: list[Plan], devices: list[Devices], tmp_path: Path, bundled_models: Any
) -> None:
    quorum_run(tmp_path, "--writer", "quorum-writer", "--answerer", "Quorum T5")
    assert (plans[0].writer, *plans[0].answerers) == (bundled_models.writer, bundled_models.answerers[1])


def test_calibration_is_the_default_and_can_be_left_out(
    plans: list[Plan], devices: list[Devices], tmp_path: Path
) -> None:
    quorum_run(tmp_path)
    quorum_run(tmp_path, "--no-calibration")
    assert [plan.calibrate for plan in plans] == [True, False]


def test_topics_that_cannot_be_used_make_no_project(tmp_path: Path) -> None:
    topics, project = tmp_path / "topics.txt", tmp_path / "new.db"
    topics.write_text("rain\nbread\n", "utf-8")
    few = quorum("run", project, "--recipe", "lamini-topic", "--topics", topics, check=False)
    assert few.returncode == 1 and "more than are given" in few.stderr
    none = quorum("run", project, "--topics", topics, check=False)
    assert none.returncode == 1 and "draws no topics" in none.stderr
    assert list(tmp_path.iterdir()) == [topics]


def test_a_wrong_option_names_the_help_that_says_what_is_allowed(tmp_path: Path) -> None:
    wrong = quorum("run", tmp_path / "new.db", "--until", "tomorrow", check=False)
    assert wrong.returncode == 2 and "`quorum run --help` says what is allowed." in wrong.stderr
    unknown = quorum("--nonsense", check=False)
    assert unknown.returncode == 2 and "`quorum --help` lists the commands" in unknown.stderr


def test_bundled_models_write_into_no_project_with_other_data_unasked(tmp_path: Path) -> None:
    given = json.dumps({"instruction": "Say hi.", "input": "", "outputs": [{"model": "a", "output": "hi"}]})
    (tmp_path / "given.jsonl").write_text(given + "\n", encoding="utf-8")
    quorum("import", "candidates", "p.db", "given.jsonl", cwd=tmp_path)
    refused = quorum("run", "p.db", cwd=tmp_path, check=False)
    assert refused.returncode == 1 and "holds imported tasks and answers" in refused.stderr
    assert "--writer MODEL --answerer MODEL" in refused.stderr
    with Project.open(tmp_path / "p.db", read_only=True) as project:
        assert [run.state for run in project.read(runs.all_runs)] == ["imported"]


def test_a_run_is_hidden_and_shown_again_and_nothing_is_started(tmp_path: Path) -> None:
    project = tmp_path / "x.db"
    fill(project)
    assert quorum("run", project, "--hide", "1").stderr == "run 1 is hidden\n"
    with Project.open(project, read_only=True) as opened:
        assert [run.hidden for run in opened.read(runs.all_runs)] == [1]
    refused = quorum("run", project, "--show", "1", "--hide", "7", check=False)
    assert refused.returncode == 1 and "The project has no run 7." in refused.stderr
    with Project.open(project, read_only=True) as opened:
        assert [run.hidden for run in opened.read(runs.all_runs)] == [1], "all or none"
    assert quorum("run", project, "--show", "1").stderr == "run 1 is shown\n"
    with Project.open(project, read_only=True) as opened:
        assert [run.hidden for run in opened.read(runs.all_runs)] == [0]
