"""Topics: the bundled list, one's own, and the choice among categories."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import IntakeError
from app.intake.topics import Limits, bundled_topics, choose_topics, read_topics
from tests.cli.commands import quorum

CATEGORIES = """cat_id,cat_title,cat_pages,cat_subcats,cat_files
1,Machine_learning,200,35,0
2,Rock_music_groups_from_Ohio,50,5,0
3,Rock music,900,5,0
4,Rock climbing,50,40,0
5,"Music, sacred",80,11,0
6,machine learning,200,35,0
7,Broken,many,35,0
8
9,History,51,11,0
"""


@pytest.fixture
def categories(tmp_path: Path) -> Path:
    path = tmp_path / "categories.csv"
    path.write_text(CATEGORIES, encoding="utf-8")
    return path


def test_the_bundled_topics_are_many_and_different() -> None:
    topics = bundled_topics()
    assert len(topics) >= 400
    assert len({topic.casefold() for topic in topics}) == len(topics)
    assert all(0 < len(topic.split()) <= 5 for topic in topics)


def test_common_topics_are_chosen_by_words_sub_categories_and_pages(categories: Path) -> None:
    chosen = choose_topics(categories, Limits())
    assert chosen.topics == ["Machine learning", "Music, sacred", "History"]
    assert chosen.lines == 9
    assert chosen.left_out == {"words": 1, "subcategories": 1, "pages": 1, "repeated": 1, "bad": 2}
    assert [number for number, _ in chosen.bad] == [8, 9]
    assert choose_topics(categories, Limits(words=2, subcategories=0, pages=0)).topics == ["History"]


def test_topics_go_from_the_command_into_a_list_that_is_read(categories: Path, tmp_path: Path) -> None:
    out = tmp_path / "topics.txt"
    printed = quorum("import", "topics", categories)
    written = quorum("import", "topics", categories, "--out", out)
    assert printed.stdout == out.read_text("utf-8") == "Machine learning\nMusic, sacred\nHistory\n"
    for told in (printed, written):
        assert "9 categories, 3 topics" in told.stderr and "line 8: it needs" in told.stderr
    assert read_topics(out) == ["Machine learning", "Music, sacred", "History"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no column of title"),
        (b"title,pages\nx,1\n", "no column of sub-categories"),
        (b"title,subcategories,pages\n\xff,1,2\n", "not UTF-8"),
    ],
)
def test_a_file_that_holds_no_categories_is_refused_in_words(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(IntakeError, match=told):
        choose_topics(path, Limits())


def test_a_list_of_topics_is_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "topics.txt"
    path.write_text("\ufeffRivers\n\n  Tea   and coffee \nrivers\n", encoding="utf-8")
    assert read_topics(path) == ["Rivers", "Tea and coffee"]
    path.write_text("\n\n")
    with pytest.raises(IntakeError, match="no topic"):
        read_topics(path)
    with pytest.raises(IntakeError, match="cannot be read"):
        read_topics(tmp_path / "none.txt")


def test_topics_for_a_recipe_without_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "topics.txt"
    path.write_text("Rivers\nTea\nChess\n")
    refused = quorum("run", tmp_path / "x.db", "--topics", path, check=False)
    assert refused.returncode == 1 and "draws no topics" in refused.stderr
