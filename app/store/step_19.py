"""Step 19 of `app.store.steps`: indexes by which a lost page is noticed. Released, so never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def step_19(db: Database) -> None:
    """Give every table an index, and those with rows that change in place one of what changes.

    SQLite notices that a page of a table was not written by comparing rows with the entries of an index. No
    query needs these. The last number of each log becomes that of its last row: what `rescue` has made until
    now may lack the rows behind it.
    """
    for statement in (
        "CREATE INDEX whole_judged_answers ON judged_answers (grade)",
        "CREATE INDEX whole_evaluation_tasks ON evaluation_tasks (kind)",
        "CREATE INDEX whole_evaluation_answers ON evaluation_answers (ended)",
        "CREATE INDEX whole_reference_answers ON reference_answers (position)",
        "CREATE INDEX whole_fits ON fits (at)",
        "CREATE INDEX whole_guidelines ON guidelines (at)",
        "CREATE INDEX whole_review_state ON review_state (event)",
        "CREATE INDEX whole_counted ON counted (count)",
        "CREATE INDEX whole_models ON models (name, path, size, architecture, quantisation, license)",
        "CREATE INDEX whole_run_models ON run_models (style, style_from, audition)",
        "CREATE INDEX whole_runs ON runs "
        "(state, hidden, target, finished_at, note, recipe_hash, recipe_json)",
        *(
            f"UPDATE sqlite_sequence SET seq = COALESCE((SELECT MAX({number}) FROM {table}), 0) "
            f"WHERE name = '{table}'"
            for table, number in (
                *(("events", "seq"), ("instruction_events", "seq"), ("judgements", "seq"), ("audits", "seq")),
                *(("ratings", "seq"), ("guidelines", "number"), ("fits", "number")),
            )
        ),
    ):
        db.execute(statement)
