"""The report in a real browser: it draws, runs nothing and asks nobody. Needs Chromium; skipped without."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from app.insight.insight import insight
from app.insight.keeping import counted
from app.insight.page import Chapter, html
from app.insight.sheets import sheets
from app.store.project import Project
from tests.tui.filled_projects import fill

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_browser_draws_every_picture_and_finds_no_fault(tmp_path: Path) -> None:
    fill(tmp_path / "thesis.db")
    with Project.open(tmp_path / "thesis.db") as opened:
        known = counted(opened, folder=tmp_path)
        whole = opened.read(lambda c: insight(c, known))
    page, picture = tmp_path / "page.html", tmp_path / "page.png"
    page.write_text(html("thesis.db", "made", [Chapter("thesis.db", sheets(whole))]), "utf-8")
    asked = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0"]
    asked += [f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={picture}", "--window-size=400,900"]
    told = subprocess.run([*asked, page.as_uri()], capture_output=True, text=True, timeout=120, check=True)
    assert "CONSOLE" not in told.stderr  # what breaks the page's own policy, or cannot be read, is told there
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 10_000
