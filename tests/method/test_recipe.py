"""Recipes are read strictly, and every error names file, key and what is allowed."""

import hashlib
import json
import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.errors import RecipeError
from app.method.recipe import LATER_KEYS, Recipe, builtin_names, load, source

QUORUM = (resources.files("app.method") / "recipes" / "distill.toml").read_text("utf-8")
TEXT = (resources.files("app.method") / "recipes" / "ensemble-instruct.toml").read_text("utf-8")

Refused = Callable[[str | bytes], RecipeError]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    def load_and_fail(content: str | bytes) -> RecipeError:
        path = tmp_path / "mine.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(RecipeError) as caught:
            load(path)
        assert "mine.toml" in caught.value.message
        return caught.value

    return load_and_fail


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def test_the_built_in_recipe_loads_by_name_and_by_path(tmp_path: Path) -> None:
    assert "ensemble-instruct" in builtin_names()
    path = tmp_path / "copy.toml"
    path.write_text("\ufeff" + TEXT, encoding="utf-8")  # as an editor on Windows saves it
    assert load(path) == load(str(path)) == load("ensemble-instruct")


@pytest.mark.parametrize("name", builtin_names())
def test_every_built_in_recipe_is_sound_and_named_like_its_file(name: str) -> None:
    assert load(name).name == name


def test_the_method_is_the_published_one() -> None:
    recipe = load("ensemble-instruct")
    assert (recipe.share_a, recipe.instructions.wave, recipe.instructions.patience) == (0.5, 16, 5)
    assert recipe.instructions.novelty.threshold == 0.7
    assert (recipe.instructions.filters.min_words, recipe.instructions.filters.max_words) == (4, 150)
    assert (recipe.consensus.rule, recipe.consensus.threshold) == ("quorum", 0.25)
    for name in ("released", "paper"):
        consensus = load(f"ensemble-instruct-{name}").consensus
        assert (consensus.rule, consensus.threshold) == (name, 0.01)
    assert recipe.instances.a.demonstrations == recipe.instances.b.demonstrations == 12
    assert recipe.answers.sampling.max_new_tokens == 256


def test_a_recipe_survives_being_stored() -> None:
    recipe = load("ensemble-instruct")
    stored = recipe.to_json()
    assert Recipe.from_json(stored) == recipe
    assert Recipe.from_json(stored).to_json() == stored
    assert Recipe.from_json(stored).recipe_hash == recipe.recipe_hash


def test_the_hash_changes_with_what_a_run_makes_and_with_nothing_else() -> None:
    recipe = load("ensemble-instruct")
    assert re.fullmatch("[0-9a-f]{64}", recipe.recipe_hash)
    assert recipe.model_copy(update={"title": "Other", "description": ""}).recipe_hash == recipe.recipe_hash
    assert recipe.model_copy(update={"share_a": 0.4}).recipe_hash != recipe.recipe_hash


def test_samples_make_another_hash_and_where_all_answers_vote_there_are_none(tmp_path: Path) -> None:
    recipe = load("distill")
    sampled = recipe.with_samples({"a": 5, "b": 5})
    assert (sampled.answers.samples, sampled.answers.samples_of) == (5, {})
    assert sampled.recipe_hash != recipe.recipe_hash == sampled.with_samples({}).recipe_hash
    mixed = sampled.with_samples({"a": 5, "b": 0}).answers
    assert [mixed.samples_for(model) for model in ("a", "b", "joins later")] == [5, 0, 5]
    assert (mixed.sampled.sampling.temperature, mixed.sampled.sampling.min_p) == (0.7, 0.05)
    both = source("distill").replace("[answers]", "[answers]\nsamples = 5") + 'voters = "all"\n'
    (tmp_path / "own.toml").write_text(both, "utf-8")
    with pytest.raises(RecipeError, match="samples goes with consensus"):
        load(tmp_path / "own.toml")


def test_a_recipe_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load("ensemble-instruct").instructions.sampling.temperature = 2.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "wave = 16",
            "waves = 16",
            (
                "`instructions.waves` is unknown",
                "Allowed in [instructions]: wave, patience, sampling, novelty, filters",
            ),
        ),
        (
            "[instances]",
            '[instances]\nform = "guessed"',
            ("`instances.form` may not be guessed", "Allowed: 'blocks', 'classified', 'bare', 'none'"),
        ),
        (
            "[instances.a]",
            "[instances.aa]",
            ("`instances.aa` is unknown", "in [instances]: form, missing_inputs"),
        ),
        (
            "share_a = 0.5",
            "share = 0.5",
            ("`share` is unknown", "Did you mean share_a? Allowed at the top: name, title"),
        ),
        ("share_a = 0.5", "context = 12", ('`context` must be "auto" or a number of tokens', "not 12")),
        ("share_a = 0.5", "context = true", ('`context` must be "auto" or a number of tokens', "not True")),
        ("share_a = 0.5", "share_a = 1.5", ("`share_a` must be less than or equal to 1, not 1.5",)),
        ("wave = 16", "wave = true", ("`instructions.wave` must be", "integer, not True")),
        ("wave = 16", 'wave = "16"', ("`instructions.wave` must be", "integer, not '16'")),
        ("temperature = 0.7", "temperature = nan", ("`instructions.sampling.temperature` must be", "nan")),
        ("temperature = 0.7\n", "", ("`instructions.sampling.temperature` is missing",)),
        ('stop = ["|EoS|", "\\n"]', 'stop = [""]', ("`instructions.sampling` stop holds an empty text",)),
        ('stop = ["|EoS|", "\\n"]', "stop = [1]", ("`instructions.sampling.stop.0` must be", "string")),
        ("min_new_tokens = 0", "min_new_tokens = 97", ("min_new_tokens is larger than max_new_tokens",)),
        ("min_words = 4", "min_words = 151", ("`instructions.filters` min_words is larger than max_words",)),
        ('["Write a program"]', '[" "]', ("`instructions.filters` a banned text is empty",)),
        ("[answers]", "[answers]\nsamples = 1", ("`answers.samples` must be 0, or from 2 to 64",)),
        ("[answers]", "[answers]\nsamples_of = {x = 1}", ("`answers.samples_of.x` must be 0, or from 2",)),
        ("[answers]", "[answers]\nsample_temperature = 0.0", ("`answers.sample_temperature` must be",)),
        (
            "[consensus]",
            "[answers.extra]\n[consensus]",
            ("`answers.extra` is unknown", "samples, samples_of, sample_temperature"),
        ),
        (
            'rule = "quorum"',
            'rule = "majority"',
            ("`consensus.rule`", "'released', 'paper', 'quorum' or 'learned'", "majority"),
        ),
        ('tokeniser = "auto"', 'tokeniser = "words"', ("`tokeniser`", "'rouge-score'")),
        (
            "[consensus]",
            "[consensus.deep]",
            ("`consensus.deep` is unknown", "Allowed in [consensus]: rule, threshold"),
        ),
        (
            'target = "{{ number }}."',
            'target = "{{ n }}."',
            ("`instructions.a.target`", "'n'; allowed: number"),
        ),
        (
            "{{ number }}. {{ instruction }}",
            "{{ number }}.",
            ("`instructions.a.demonstration` must use {{ instr",),
        ),
        ('system = ""', 'system = "{{ a.b }}"', ("`answers.system` may not use attributes",)),
    ],
)
def test_an_error_names_the_key_and_what_is_allowed(
    refused: Refused, old: str, new: str, told: tuple[str, ...]
) -> None:
    error = refused(changed(old, new))
    for part in told:
        assert part in str(error)


def test_a_table_that_is_no_table_says_which_keys_belong_there(refused: Refused) -> None:
    text = re.sub(r"\[consensus\].*", "", TEXT, flags=re.DOTALL).replace("share_a", "consensus = 3\nshare_a")
    error = refused(text)
    assert "`consensus` must be a table" in error.message
    assert (
        error.hint
        == "Allowed in [consensus]: rule, threshold, at_least, voters, containment, before_learning."
    )


def test_many_faults_are_told_at_once_but_not_endlessly(refused: Refused) -> None:
    error = refused("\n".join(f"key{number} = 1" for number in range(40)))
    assert error.message.count("is unknown") + error.message.count("is missing") == 5
    assert "and 40 more" in error.message  # 40 unknown keys and 5 missing ones


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name = ", "is not valid TOML"),
        ('name = "a"\nname = "b"', "is not valid TOML"),
        (b'name = "\xff"', "is not UTF-8 text"),
        (b"x = " + b"[" * 5000, "is not valid TOML"),
        (b"x = " + b"9" * 5000, "is not valid TOML: it holds a number of thousands of digits"),
        (b"#" * ((1 << 20) + 1), "is larger than 1 MiB"),
        ("", "`name` is missing"),
    ],
)
def test_a_file_that_is_no_recipe_is_refused_in_words(
    refused: Refused, content: str | bytes, told: str
) -> None:
    assert told in refused(content).message


def test_a_missing_recipe_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(RecipeError) as caught:
        load("ensemble")
    assert "'ensemble'" in caught.value.message and "ensemble-instruct" in caught.value.hint
    with pytest.raises(RecipeError, match="No such file"):
        load(tmp_path / "none.toml")
    with pytest.raises(RecipeError, match="irectory"):
        load(tmp_path)
    with pytest.raises(RecipeError, match=r"cannot be read|no recipe"):
        load("a\0b.toml")


@pytest.mark.parametrize("stored", ["", "[]", "{", '{"name": 1}', "[" * 100_000, "NaN"])
def test_a_damaged_stored_recipe_is_a_recipe_error(stored: str) -> None:
    with pytest.raises(RecipeError, match="stored recipe"):
        Recipe.from_json(stored)


def test_a_recipe_stored_by_the_first_version_is_read() -> None:
    recipe = load("ensemble-instruct")
    data = json.loads(recipe.to_json())
    data["instructions"]["novelty"]["tokeniser"] = data.pop("tokeniser")
    assert Recipe.from_json(json.dumps(data)) == recipe


def test_a_recipe_stored_before_groups_had_a_size_stays_as_it_was() -> None:
    recipe = load("distill")
    assert recipe.rule_choice.version == 3
    data = json.loads(recipe.to_json())
    for key in ("at_least", "voters", "containment"):
        del data["consensus"][key]
    data["tokeniser"] = "rouge-score"
    stored = json.dumps(data)
    begun = Recipe.from_json(stored)
    assert (begun.rule_choice.version, begun.tokeniser) == (1, "rouge-score")
    assert recipe.recipe_hash != begun.recipe_hash == recipe.as_begun(stored).recipe_hash
    assert recipe.as_begun(recipe.to_json()) == recipe
    del data["tokeniser"]
    assert Recipe.from_json(json.dumps(data)).tokeniser == "rouge-score"


@pytest.mark.parametrize(("name", "version"), [("distill", 2), ("ensemble-instruct-released", 1)])
def test_a_recipe_stored_before_it_said_who_votes_lets_all_vote(name: str, version: int) -> None:
    recipe = load(name)
    data = json.loads(recipe.to_json())
    for key in ("voters", "containment"):
        del data["consensus"][key]
    stored = json.dumps(data)
    begun = Recipe.from_json(stored)
    assert (begun.rule_choice.voters, begun.rule_choice.version) == ("all", version)
    assert begun.tokeniser == recipe.tokeniser
    assert recipe.recipe_hash != begun.recipe_hash == recipe.as_begun(stored).recipe_hash
    # Of a recipe without the keys the hash is what it was before there were any.
    plain = json.loads(begun.to_json())
    for key in ("title", "description", "context", "writer_style"):
        del plain[key]
    for stage, keys in LATER_KEYS.items():
        for key in [key for key, absent in keys.items() if plain[stage].get(key) in (absent, None)]:
            plain[stage].pop(key, None)
    assert begun.recipe_hash == hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


@pytest.mark.parametrize("line", ['at_least = "most"', "at_least = 1", "at_least = 0.0", "at_least = true"])
def test_a_group_must_be_possible(line: str, refused: Refused) -> None:
    error = refused(QUORUM.replace('at_least = "half"', line))
    assert "consensus.at_least" in error.message


def test_only_quorum_asks_how_many_answers_are_equal(refused: Refused, tmp_path: Path) -> None:
    assert "rule" in refused(QUORUM.replace('rule = "quorum"', 'rule = "paper"')).message
    own = tmp_path / "own.toml"
    own.write_text(QUORUM.replace('at_least = "half"', ""), "utf-8")
    assert load(own).consensus.at_least == "half"


def test_a_stored_recipe_with_an_unsafe_template_is_refused() -> None:
    data = json.loads(load("ensemble-instruct").to_json())
    data["answers"]["chat"] = "{{ instruction.__class__ }}"
    with pytest.raises(RecipeError, match="may not use attributes"):
        Recipe.from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("alpaca", "seeds = 3", "seedz = 3", "[instructions.prompt]: header, demonstration, target, seeds."),
        ("evol-instruct", 'name = "constraint"', 'nam = "x"', "[instructions.operators.0]: name, prompt, "),
        ("evol-instruct", "equal = [", "same = [", "[instructions.judge]: prompt, equal, different, "),
        ("lamini-topic", "{{ topics }}", "{{ topic }}", "unknown variable 'topic'; allowed: count, topics"),
        ("more-inputs", "{{ input }}", "input", "must use {{ input }}"),
        ("more-inputs", "share_a = 1.0", "share_a = 0.5", "share_a must be 1.0"),
        ("lamini-topic", "topics_per_call = 3", 'topics_per_call = 3\ntopics = ["a"]', "larger than"),
    ],
)  # fmt: skip
def test_errors_in_the_other_forms_name_what_is_allowed_too(
    tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    text = source(name)
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RecipeError) as caught:
        load(path)
    assert told in str(caught.value) + caught.value.hint


def test_a_style_of_writing_that_is_the_default_one_makes_no_other_recipe() -> None:
    recipe = load("alpaca")
    styled = {
        style: recipe.model_copy(update={"writer_style": style}).recipe_hash for style in ("continue", "chat")
    }
    assert styled["continue"] == recipe.recipe_hash != styled["chat"]


def test_the_containment_that_a_run_settled_is_taken_where_a_recipe_says_nothing() -> None:
    recipe = load("distill")
    contains = recipe.with_containment(True)
    assert contains.rule_choice.containment and contains.recipe_hash != recipe.recipe_hash
    assert recipe.as_begun(contains.to_json()) == contains
    without = recipe.model_copy(
        update={"consensus": recipe.consensus.model_copy(update={"containment": False})}
    )
    assert without.recipe_hash == recipe.recipe_hash == recipe.as_begun(recipe.to_json()).recipe_hash
    assert without.as_begun(contains.to_json()) == without == without.with_containment(True)
    released = load("ensemble-instruct-released")
    assert released.with_containment(True) == released
