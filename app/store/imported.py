"""Candidates that were made elsewhere: stored as runs of their own, and beside those that are here."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from app.errors import ProjectError
from app.method.terms import Kind, Role
from app.store import generated, references, runs, votes
from app.store.connection import Connection
from app.store.rows import ModelRow, NewCandidate, NewInstance, NewInstruction, NewRun, NewRunModel, RunRow
from app.store.text import digest, pair_key, storable

RUN_NAME = "candidates"
"""What stands where other runs name their recipe."""


class GivenOutput(NamedTuple):
    """One answer that was made elsewhere; `model` is the name its file gives."""

    model: str
    output: str


class GivenCandidates(NamedTuple):
    """A task with its answers, the writer's first; no model has two.

    `context` holds the turns before the task, as `method.turns` writes them; `references` are answers known
    to be right. Without outputs, there are only those to take.
    """

    instruction: str
    input: str
    outputs: tuple[GivenOutput, ...]
    context: str = ""
    references: tuple[str, ...] = ()


class Stored(NamedTuple):
    """What became of one task: whether it is new, how many candidates were added, and the models whose
    stored answer is another than the one given (it stays). `references` are those that are new."""

    new: bool
    added: int
    references: int = 0
    differing: tuple[str, ...] = ()


class Import:
    """One import, inside one transaction. Its run begins with the first task the project does not hold.

    Storing the same task again adds nothing. A model whose name answered a task already is that model;
    another one answers it too from then on, beside the others. `recipe_json` says by what votes on it go,
    where that is not the default.
    """

    def __init__(self, c: Connection, source: str, recipe_json: str = "{}") -> None:
        self._c = c
        self._source = source
        self._recipe = recipe_json
        self._instructions = 0
        self._asked: list[tuple[int, str, str, Kind, str, str]] = []
        self._answers: list[tuple[int, str, Role, str, str, str]] = []
        self.extended = False
        """Whether an instance that was there, or came earlier, got further candidates."""
        self.extended_anew: set[str] = set()
        """Those of them that came earlier in this import."""
        self._parts: dict[tuple[str, Role, str], tuple[str, int]] = {}
        self.run: RunRow | None = None

    def add(self, tasks: Sequence[GivenCandidates]) -> list[Stored | ProjectError]:
        """Store what is new of each task, in order, and return what became of it.

        That is a ProjectError for one without outputs that the project does not hold. Many tasks take the
        same few statements as one.
        """
        pairs = [pair_key(task.instruction, task.input, task.context) for task in tasks]
        known = self._known(pairs)
        stored: list[Stored | ProjectError] = []
        new: dict[str, GivenCandidates] = {}
        for task, pair in zip(tasks, pairs, strict=True):
            if pair not in known and pair not in new and task.outputs:
                new[pair] = task
                stored.append(Stored(new=True, added=len(task.outputs)))
                continue
            # What comes later may be about what came before.
            self._store_new(new)
            known |= self._known(new)
            new = {}
            if pair in known:
                stored.append(self._beside(task, *known[pair]))
            else:
                stored.append(ProjectError("It has no outputs.", "Give the answers of at least one model."))
        self._store_new(new)
        return [
            done._replace(references=references.save(self._c, pair, task.references, self._source))
            if task.references and isinstance(done, Stored)
            else done
            for task, pair, done in zip(tasks, pairs, stored, strict=True)
        ]

    def taken(self) -> votes.Rows:
        """Return, once, what ballots are made of for the tasks that are new since the last time."""
        rows = votes.new_rows(self._asked, self._answers)
        self._asked, self._answers = [], []
        return rows

    def finish(self) -> None:
        """Say of the run how much it holds."""
        if self.run:
            runs.set_target(self._c, self.run.id, self._instructions)
            runs.set_state(self._c, self.run.id, runs.IMPORTED, f"from {self._source}")

    def _known(self, pairs: Collection[str]) -> dict[str, tuple[str, str]]:
        """Map those of these tasks that the project holds to their instances and runs."""
        if not pairs:
            return {}
        sql = """SELECT pair, id, run_id FROM instances
                 WHERE status = 'kept' AND pair IN (SELECT value FROM json_each(?))"""
        return {pair: (key, run) for pair, key, run in self._c.tuples(sql, (json.dumps(list(pairs)),))}

    def _store_new(self, tasks: Mapping[str, GivenCandidates]) -> None:
        """Store tasks that the project does not hold, by their pairs, with their candidates."""
        if not tasks:
            return
        if self.run is None:
            self.run = runs.create(self._c, NewRun(RUN_NAME, self._recipe, "", 0, 0, state=runs.IMPORTED))
        run = self.run.id
        kinds: list[Kind] = ["A" if task.input.strip() else "B" for task in tasks.values()]
        instructions = [
            NewInstruction(run, kind, task.instruction, "kept")
            for kind, task in zip(kinds, tasks.values(), strict=True)
        ]
        keys, new = generated.save_instructions_once(self._c, instructions)
        self._instructions += new
        made = generated.save_kept_instances(
            self._c,
            [
                (
                    NewInstance(run, key, task.input, "kept", context=task.context),
                    kind,
                    task.instruction,
                    pair,
                )
                for key, kind, (pair, task) in zip(keys, kinds, tasks.items(), strict=True)
            ],
        )
        candidates, names = [], []
        for (instance, number), kind, task in zip(made, kinds, tasks.values(), strict=True):
            self._asked.append((number, instance, run, kind, task.instruction, task.input))
            for position, given in enumerate(task.outputs):
                role: Role = "answerer" if position else "writer"
                model, _ = self._part(run, role, given.model)
                new_one = NewCandidate(instance, model, role, position, given.output, "end")
                candidates.append((new_one, run, kind, number))
                names.append(given.model)
        stored = generated.save_candidates(self._c, candidates)
        self._answers += [
            (number, key, one.role, one.model, name, one.output)
            for key, name, (one, _, _, number) in zip(stored, names, candidates, strict=True)
        ]

    def _beside(self, task: GivenCandidates, instance_id: str, run_id: str) -> Stored:
        """Add the answers of models that have not answered an existing instance."""
        there = generated.candidates_of(self._c, instance_id)
        free = 1 + max((candidate.position for candidate in there), default=-1)
        added, differing = 0, []
        for given in task.outputs:
            same = [candidate.output for candidate in there if candidate.model_name == storable(given.model)]
            if not same:
                model, position = self._part(run_id, "answerer", given.model)
                # Behind the answers that are here, and never where a model of the run has yet to answer.
                position = max(position, free)
                self._save(instance_id, model, "answerer", position, given.output)
                free, added = position + 1, added + 1
            elif storable(given.output) not in same:
                differing.append(given.model)
        if added:
            self.extended = True
            if self.run and run_id == self.run.id:
                self.extended_anew.add(instance_id)
        return Stored(new=False, added=added, differing=tuple(differing))

    def _save(self, instance_id: str, model: str, role: Role, position: int, output: str) -> None:
        generated.save_candidate(self._c, NewCandidate(instance_id, model, role, position, output, "end"))

    def _part(self, run_id: str, role: Role, name: str) -> tuple[str, int]:
        """Let a model known by its name alone take part in a run; return its fingerprint and position."""
        known = self._parts.get((run_id, role, name))
        if known:
            return known
        model = digest("model by name", name)
        held = [part for part in runs.run_models(self._c, run_id) if part.role == role]
        position = next((part.position for part in held if part.model.fingerprint == model), None)
        if position is None:
            position = runs.next_position(self._c, run_id)
            runs.add_model(self._c, ModelRow(model, name, "", 0, "", ""))
            runs.add_part(self._c, run_id, NewRunModel(model, role, "zero-shot", position))
        self._parts[run_id, role, name] = model, position
        return model, position
