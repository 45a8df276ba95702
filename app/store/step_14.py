"""Step 14 of `app.store.steps`: the counts that a project keeps. Released, so never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def step_14(db: Database) -> None:
    """Keep with a project how many rows of each kind it has, so that nobody has to count a million.

    The view `cells` says as what each row counts, `counted` holds how often, and triggers keep the two equal
    whatever is written. Answers and barred answers count where their instance is kept, by the model's
    fingerprint; `versions` are the votes that stand, by rule and version, and `reason` tells where every
    answer voted because that was chosen.
    """

    def counted(rows: str) -> str:
        return f"INSERT INTO counted {rows} ON CONFLICT DO UPDATE SET count = count + excluded.count;"

    def changed(table: str, columns: str) -> str:
        """Return when a trigger for changes of these columns has something to do."""
        names = columns.split(", ")
        old, new = (", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW"))
        return f"UPDATE OF {columns} ON {table} WHEN ({old}) IS NOT ({new})"

    def of_instruction(row: str, sign: int) -> str:
        return counted(
            f"""SELECT {row}.run_id, 'instructions', {row}.kind, {row}.status, {row}.reason, '', '', {sign}
                WHERE 1"""
        )

    def of_instances(condition: str, sign: int) -> str:
        return counted(
            f"SELECT run_id, stage, kind, status, reason, model, role, {sign} FROM cells WHERE {condition}"
        )

    answer = """SELECT i.run_id, 'answers', t.kind, CASE NEW.reason WHEN '' THEN NEW.ended ELSE 'dropped' END,
                NEW.reason, NEW.model, NEW.role, 1
                FROM instances i JOIN instructions t ON t.id = i.instruction_id
                WHERE i.id = NEW.instance_id AND i.status = 'kept'"""

    def of_vote(row: str, sign: int) -> str:
        version = f"""SELECT i.run_id, 'versions', {row}.rule, CAST({row}.rule_version AS TEXT),
                CASE WHEN {row}.barred IS NULL AND {row}.asked > 0 THEN 'all' ELSE '' END, '', '', {sign}
                FROM instances i WHERE i.id = {row}.instance_id"""
        # Where all voted there is nothing to take apart.
        barred = f"""SELECT i.run_id, 'barred', t.kind, '', j.value, x.model, '', {sign}
                FROM instances i JOIN instructions t ON t.id = i.instruction_id JOIN json_each({row}.barred) j
                JOIN json_each({row}.candidates) k ON k.key = j.key JOIN candidates x ON x.id = k.value
                WHERE i.id = {row}.instance_id AND i.status = 'kept' AND {row}.barred GLOB '*[a-z]*'
                      AND j.value NOT IN ('', 'one_voice')"""
        return counted(version) + counted(barred)

    def of_desk(row: str, sign: int) -> str:
        run = f"(SELECT id FROM runs WHERE number = {row}.run)"
        vote = f"""SELECT {run}, 'votes', {row}.kind, CASE {row}.keep WHEN 1 THEN 'kept' ELSE 'dropped' END,
                CASE {row}.keep WHEN 1 THEN {row}.decided_by ELSE {row}.reason END, '', '', {sign}
                WHERE {row}.voted = 1 AND {row}.aside = 0"""
        difference = f"""SELECT {run}, 'differences', {row}.kind,
                CASE {row}.difference WHEN 2 THEN 'symbols' ELSE 'punctuation' END, '', '', '', {sign}
                WHERE {row}.voted = 1 AND {row}.aside = 0 AND {row}.difference > 0"""
        return counted(vote) + counted(difference)

    def of_state(row: str, sign: int) -> str:
        return counted(
            f"""SELECT i.run_id, 'decisions', t.kind, {row}.status, '', '', '', {sign}
                FROM instances i JOIN instructions t ON t.id = i.instruction_id
                WHERE i.id = {row}.instance_id AND {row}.status <> 'undecided'"""
        )

    for statement in (
        """CREATE TABLE counted (
            run_id TEXT NOT NULL, stage TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
            reason TEXT NOT NULL, model TEXT NOT NULL, role TEXT NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (run_id, stage, kind, status, reason, model, role)
        ) STRICT, WITHOUT ROWID""",
        """CREATE VIEW cells AS
            SELECT i.instruction_id AS instruction_id, i.id AS instance_id, i.run_id AS run_id,
                   'instances' AS stage, t.kind AS kind, i.status AS status, i.reason AS reason, '' AS model,
                   '' AS role
            FROM instances i JOIN instructions t ON t.id = i.instruction_id
            UNION ALL
            SELECT i.instruction_id, i.id, i.run_id, 'answers', t.kind,
                   CASE x.reason WHEN '' THEN x.ended ELSE 'dropped' END, x.reason, x.model, x.role
            FROM instances i JOIN instructions t ON t.id = i.instruction_id
            JOIN candidates x ON x.instance_id = i.id WHERE i.status = 'kept'
            UNION ALL
            SELECT i.instruction_id, i.id, i.run_id, 'barred', t.kind, '', j.value, x.model, ''
            FROM instances i JOIN instructions t ON t.id = i.instruction_id
            JOIN votes v ON v.instance_id = i.id AND v.current = 1 JOIN json_each(v.barred) j
            JOIN json_each(v.candidates) k ON k.key = j.key JOIN candidates x ON x.id = k.value
            WHERE i.status = 'kept' AND v.barred GLOB '*[a-z]*' AND j.value NOT IN ('', 'one_voice')
            UNION ALL
            SELECT i.instruction_id, i.id, i.run_id, 'decisions', t.kind, s.status, '', '', ''
            FROM instances i JOIN instructions t ON t.id = i.instruction_id
            JOIN review_state s ON s.instance_id = i.id WHERE s.status <> 'undecided'""",
        """CREATE VIEW all_cells AS
            SELECT run_id, stage, kind, status, reason, model, role FROM cells
            UNION ALL
            SELECT run_id, 'instructions', kind, status, reason, '', '' FROM instructions
            UNION ALL
            SELECT r.id, 'votes', d.kind, CASE d.keep WHEN 1 THEN 'kept' ELSE 'dropped' END,
                   CASE d.keep WHEN 1 THEN d.decided_by ELSE d.reason END, '', ''
            FROM desk d JOIN runs r ON r.number = d.run WHERE d.voted = 1 AND d.aside = 0
            UNION ALL
            SELECT r.id, 'differences', d.kind,
                   CASE d.difference WHEN 2 THEN 'symbols' ELSE 'punctuation' END, '', '', ''
            FROM desk d JOIN runs r ON r.number = d.run
            WHERE d.voted = 1 AND d.aside = 0 AND d.difference > 0
            UNION ALL
            SELECT i.run_id, 'versions', v.rule, CAST(v.rule_version AS TEXT),
                   CASE WHEN v.barred IS NULL AND v.asked > 0 THEN 'all' ELSE '' END, '', ''
            FROM votes v JOIN instances i ON i.id = v.instance_id WHERE v.current = 1""",
        f"""CREATE TRIGGER counted_instruction AFTER INSERT ON instructions
            BEGIN {of_instruction("NEW", 1)} END""",
        f"""CREATE TRIGGER counted_instruction_changed AFTER {changed("instructions", "kind, status, reason")}
            BEGIN {of_instruction("OLD", -1)} {of_instruction("NEW", 1)} END""",
        # What counts by the kind of its instruction or the status of its instance is counted anew round
        # the change.
        f"""CREATE TRIGGER counted_kind_before BEFORE {changed("instructions", "kind")}
            BEGIN {of_instances("instruction_id = OLD.id", -1)} END""",
        f"""CREATE TRIGGER counted_kind_after AFTER {changed("instructions", "kind")}
            BEGIN {of_instances("instruction_id = NEW.id", 1)} END""",
        f"""CREATE TRIGGER counted_instance AFTER INSERT ON instances
            BEGIN {of_instances("instance_id = NEW.id AND stage = 'instances'", 1)} END""",
        f"""CREATE TRIGGER counted_status_before BEFORE {changed("instances", "status, reason")}
            BEGIN {of_instances("instance_id = OLD.id", -1)} END""",
        f"""CREATE TRIGGER counted_status_after AFTER {changed("instances", "status, reason")}
            BEGIN {of_instances("instance_id = NEW.id", 1)} END""",
        f"""CREATE TRIGGER counted_candidate AFTER INSERT ON candidates BEGIN {counted(answer)} END""",
        f"""CREATE TRIGGER counted_vote AFTER INSERT ON votes WHEN NEW.current = 1
            BEGIN {of_vote("NEW", 1)} END""",
        f"""CREATE TRIGGER counted_vote_replaced AFTER UPDATE OF current ON votes
            WHEN OLD.current = 1 AND NEW.current = 0 BEGIN {of_vote("OLD", -1)} END""",
        f"CREATE TRIGGER counted_desk AFTER INSERT ON desk BEGIN {of_desk('NEW', 1)} END",
        f"""CREATE TRIGGER counted_desk_changed AFTER
            {changed("desk", "voted, aside, keep, decided_by, reason, difference")}
            BEGIN {of_desk("OLD", -1)} {of_desk("NEW", 1)} END""",
        f"CREATE TRIGGER counted_desk_removed AFTER DELETE ON desk BEGIN {of_desk('OLD', -1)} END",
        f"""CREATE TRIGGER counted_decision AFTER INSERT ON review_state
            BEGIN {of_state("NEW", 1)} END""",
        f"""CREATE TRIGGER counted_decision_changed AFTER {changed("review_state", "status")}
            BEGIN {of_state("OLD", -1)} {of_state("NEW", 1)} END""",
        f"""CREATE TRIGGER counted_decision_removed AFTER DELETE ON review_state
            BEGIN {of_state("OLD", -1)} END""",
        """INSERT INTO counted
           SELECT run_id, stage, kind, status, reason, model, role, COUNT(*)
           FROM all_cells GROUP BY 1, 2, 3, 4, 5, 6, 7""",
    ):
        db.execute(statement)
