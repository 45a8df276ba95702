from __future__ import annotations

import io
import json
import random
from pathlib import Path

import pytest
from rouge_score.rouge_scorer import RougeScorer

from app.errors import IntakeError
from app.intake.dedup import Dropped, dedup

SCORER = RougeScorer(["rougeL"], use_stemmer=False)
WORDS = [f"w{number}" for number in range(9)]


def lines(texts: list[str], field: str = "instruction") -> bytes:
    return b"".join(json.dumps({"id": n, field: text}).encode() + b"\n" for n, text in enumerate(texts))


def kept_lines(data: bytes, **options: object) -> tuple[list[bytes], list[Dropped]]:
    kept: list[bytes] = []
    dropped: list[Dropped] = []
    report = dedup(io.BytesIO(data), "data", kept.append, dropped=dropped.append, **options)  # type: ignore[arg-type]
    assert (report.lines, report.kept) == (len(kept) + len(dropped), len(kept))
    return kept, dropped


def test_lines_are_kept_and_dropped_as_comparing_one_by_one_would() -> None:
    rng = random.Random(5)
    texts = [" ".join(rng.choices(WORDS, k=rng.randrange(1, 8))) for _ in range(200)]
    pool: list[str] = []
    expected = []
    for number, text in enumerate(texts, start=1):
        scores = [SCORER.score(text, other)["rougeL"].fmeasure for other in pool]
        best = max(scores, default=0.0)
        if best > 0.7:
            expected.append(Dropped(number, text, pool[scores.index(best)], best))
        else:
            pool.append(text)
    kept, dropped = kept_lines(lines(texts))
    assert dropped == expected and dropped
    assert [json.loads(line)["instruction"] for line in kept] == pool


def test_kept_lines_are_unchanged_to_the_last_byte() -> None:
    data = b'\xef\xbb\xbf{"instruction":  "one two", "x": "\\u00e9"}\r\n\n  {"instruction": "three four"}'
    assert b"".join(kept_lines(data)[0]) == data.replace(b"\n\n", b"\n")


def test_another_field_and_files_of_known_texts(tmp_path: Path) -> None:
    known = tmp_path / "known.jsonl"
    known.write_bytes(lines(["Name a colour of the sky."], "task"))
    kept, dropped = kept_lines(
        lines(["Name a colour of the sea.", "Count to ten."], "task"), field="task", against=[known]
    )
    assert [drop.nearest for drop in dropped] == ["Name a colour of the sky."]
    assert len(kept) == 1


def test_the_threshold_and_the_tokeniser_count() -> None:
    data = lines(["Напиши слово", "Напиши слово", "a b c d", "a b c e"])
    assert len(kept_lines(data)[0]) == 3
    assert len(kept_lines(data, tokeniser="unicode")[0]) == 2
    assert len(kept_lines(data, threshold=0.8, tokeniser="unicode")[0]) == 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{oops", "line 2: this is not JSON"),
        (b"\xff\xfe", "line 2: byte 1 is not UTF-8"),
        (b"[" * 100_000, "line 2: it is nested too deeply"),
        (b"[1]", "line 2: this is not a JSON object"),
        (b'{"instruction": 3}', "line 2: it has no text"),
    ],
)
def test_the_first_bad_line_is_named(line: bytes, told: str) -> None:
    with pytest.raises(IntakeError, match=told):
        kept_lines(lines(["fine"]) + line)


def test_a_file_of_known_texts_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="nowhere"):
        kept_lines(lines(["x"]), against=[tmp_path / "nowhere.jsonl"])
