"""The columns that a file of the present format must hold: looked at when one is opened.

Written down, as making an empty file to compare with would cost every opening a second. A test makes one.
"""

from __future__ import annotations

COLUMNS_FORMAT = 19
"""The format that this is true of."""

COLUMNS: dict[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "audits": "seq reviewer at action target drawing instance_id content note",
        "candidates": (
            "id instance_id model role position completion_id output ended error reason attempt task"
        ),
        "completions": (
            "id run_id stage subject model attempt prompt_hash sampling_hash sampler_seed raw ended "
            "prompt_tokens tokens seconds created_at thinking answer"
        ),
        "counted": "run_id stage kind status reason model role count",
        "desk": (
            "number instance_id run kind aside keep voted stale reason decided_by winner turn status "
            "flagged conflict override differs disagreement margin equal length difference mean score strict "
            "probability"
        ),
        "drawings": "id number purpose reviewer at chosen seed population",
        "drawn": "drawing position instance_id content",
        "evaluation_answers": "evaluation model position style raw output ended error tokens seconds at",
        "evaluation_tasks": "evaluation position kind instruction input context category expected",
        "evaluations": "id number at source recipe shots max_tokens",
        "event_items": "event instance_id candidate_id text",
        "events": "seq reviewer at action target note how",
        "fits": "number at version weights figures judged decided last_judgement last_event source",
        "guidelines": "number reviewer at text",
        "instances": (
            "id number run_id instruction_id completion_id position input pair status reason context"
        ),
        "instruction_events": "seq reviewer at action instruction_id before text target reason",
        "instructions": (
            "id run_id completion_id kind text status reason score nearest mean request position source"
        ),
        "judged_answers": "judgement candidate_id is_right grade",
        "judgements": "seq reviewer at action target drawing instance_id task input guideline how note",
        "models": "fingerprint name path size architecture quantisation license",
        "ratings": "seq reviewer at action target evaluation position first second verdict",
        "reference_answers": "task position text source",
        "repairs": "stored original at",
        "review_state": (
            "instance_id status candidate_id text flagged event reason note tags rating instruction input "
            "task conflict"
        ),
        "run_models": "run_id model role style position style_from audition",
        "run_seeds": "run_id seed_id position",
        "runs": (
            "id number recipe_name recipe_json recipe_hash seed target state created_at finished_at note "
            "hidden"
        ),
        "seed_tasks": "id kind name instruction input output is_classification source context",
        "texts": "body",
        "votes": (
            "id instance_id rule rule_version threshold candidates matrix decided_by winner lowest mean "
            "tie short keep reason disagreement created_at current score strict tokeniser at_least equal "
            "difference barred asked containment probabilities fit"
        ),
    }.items()
}
