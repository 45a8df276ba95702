"""The built-in recipes on the command line, and a copy of one that is changed and run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.method.recipe import builtin_names
from app.store import runs
from app.store.project import Project
from tests.cli.commands import quorum


def test_every_built_in_recipe_is_listed_with_what_it_does() -> None:
    told = quorum("recipes").stdout
    facts = json.loads(quorum("recipes", "--json").stdout)
    assert [one["name"] for one in facts] == list(builtin_names())
    for one in facts:
        assert one["title"] and one["description"]
        assert f"{one['name']} " in told and one["description"] in told


def test_a_recipe_is_copied_changed_and_run(tmp_path: Path, bundled_models: Any) -> None:
    shown = quorum("recipes", "show", "ensemble-instruct").stdout
    assert "# A prompt is header + demonstrations + target" in shown
    mine, project = tmp_path / "mine.toml", tmp_path / "mine.db"
    mine.write_text(shown.replace('"ensemble-instruct"', '"mine"').replace("share_a = 0.5", "share_a = 1.0"))
    quorum("run", project, "--recipe", mine, "--instructions", "3")
    with Project.open(project, read_only=True) as opened:
        assert opened.read(lambda c: runs.get(c).recipe_name) == "mine"
        kinds = opened.read(
            lambda c: c.execute("SELECT kind FROM instructions WHERE status = 'kept'").fetchall()
        )
    assert [kind for (kind,) in kinds] == ["A"] * 3


def test_an_unknown_recipe_is_named_with_those_there_are() -> None:
    refused = quorum("recipes", "show", "nothing", check=False)
    assert refused.returncode == 1
    assert "no built-in recipe 'nothing'" in refused.stderr and "ensemble-instruct" in refused.stderr
