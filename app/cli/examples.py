"""Examples of every command: its help, the page `commands` of the manual and the man page show them."""

from __future__ import annotations

import click

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "open": (
        ("Open a project, or make a new one.", "quorum thesis.db"),
        ("Decide under a name of your own.", "quorum open thesis.db --reviewer ada"),
    ),
    "run": (
        ("Begin a run with the bundled models, or resume the newest one.", "quorum run thesis.db"),
        (
            "Choose the models.",
            "quorum run thesis.db --writer base.gguf --answerer one.gguf --answerer two.gguf",
        ),
        ("Answer the tasks that were imported.", "quorum run thesis.db --recipe distill --answerer one.gguf"),
        (
            "Make up further inputs for your own tasks.",
            "quorum run more.db --recipe more-inputs --seed-tasks tasks.jsonl --instructions 200",
        ),
        ("Resume on several machines.", "quorum run thesis.db --on ray://10.0.0.1:10001"),
    ),
    "status": (
        ("See how far the newest run is.", "quorum status thesis.db"),
        ("The same for a script.", "quorum status thesis.db --json"),
    ),
    "export": (
        ("Write what you decided, and what the vote keeps.", "quorum export thesis.db train.jsonl"),
        (
            "Chat turns, a tenth of them set apart for validation and test.",
            "quorum export thesis.db data --format messages --split 80/10/10",
        ),
        ("See what would be written.", "quorum export thesis.db train.jsonl --dry-run"),
    ),
    "publish": (
        ("Show what would be uploaded.", "quorum publish thesis.db ada/thesis --dry-run"),
        ("Upload to a private repository.", "quorum publish thesis.db ada/thesis"),
    ),
    "judge": (
        ("Judge thirty items, blind.", "quorum judge thesis.db"),
        ("Judge fifty of those with an input.", "quorum judge thesis.db --n 50 --filter kind:A"),
        ("See which of two models answers better, blind.", "quorum judge quorum-eval.db --evaluation"),
    ),
    "card": (
        ("See how often each model and each rule is right.", "quorum card thesis.db"),
        ("The same for a script.", "quorum card thesis.db --json"),
    ),
    "audit": (
        ("Certify that 95% of what would be exported is right.", "quorum audit thesis.db --target 0.95"),
    ),
    "vote": (
        (
            "See what another threshold would change.",
            "quorum vote thesis.db --rule quorum --threshold 0.3 --dry-run",
        ),
        ("See the pairs behind the choice of item 12.", "quorum vote thesis.db --why 12"),
    ),
    "sweep": (("Compare thresholds with what chance would keep.", "quorum sweep thesis.db"),),
    "learn": (
        ("See what voting by your judgements would gain.", "quorum learn thesis.db"),
        ("Vote by them.", "quorum learn thesis.db --apply"),
    ),
    "cluster": (
        ("See what a cluster of this machine alone would offer.", "quorum cluster ray"),
        ("Look at a cluster before a run.", "quorum cluster ray://10.0.0.1:10001"),
    ),
    "eval": (
        ("Measure a model on tasks with known answers.", "quorum eval base.gguf tasks.jsonl"),
        (
            "Compare two models after two worked examples each.",
            "quorum eval one.gguf two.gguf tasks/ --shots 2",
        ),
    ),
    "import candidates": (
        ("Bring in tasks with several answers each.", "quorum import candidates thesis.db answers.jsonl"),
        (
            "Answers of one model, in columns of other names.",
            "quorum import candidates thesis.db rows.csv --model gpt --column output=reply",
        ),
    ),
    "import decisions": (
        (
            "Take over the decisions of a colleague.",
            "quorum import decisions thesis.db theirs.jsonl --reviewer ben",
        ),
    ),
    "import judgements": (
        ("Bring in which answers are right.", "quorum import judgements thesis.db judged.jsonl"),
    ),
    "import seeds": (
        ("Use your own tasks as examples of the next run.", "quorum import seeds thesis.db tasks.jsonl"),
    ),
    "import topics": (
        ("Pick topics from a list of categories.", "quorum import topics categories.csv --out topics.txt"),
    ),
    "models list": (("See which models are on this machine.", "quorum models list"),),
    "models suggest": (
        ("See which models suit this machine.", "quorum models suggest"),
        ("Download a set for 16 GB.", "quorum models suggest --for '16 GB' --pull"),
    ),
    "models check": (("See whether a file can be used, and what it needs.", "quorum models check one.gguf"),),
    "models pull": (("Download one file.", "quorum models pull owner/repository one.gguf"),),
    "audition": (
        (
            "Find out how a new model answers best.",
            "quorum audition --recipe distill --seed-tasks general --model one.gguf",
        ),
    ),
    "recipes": (("See which recipes there are.", "quorum recipes"),),
    "recipes show": (("Begin a recipe of your own.", "quorum recipes show self-instruct > mine.toml"),),
    "report": (
        ("See what a project holds.", "quorum report thesis.db"),
        ("Draw it for a browser.", "quorum report thesis.db thesis.html"),
    ),
    "compare": (
        ("See the runs of a project side by side.", "quorum compare thesis.db"),
        ("See two projects side by side.", "quorum compare thesis.db other.db"),
    ),
    "log": (
        ("See every decision, newest last.", "quorum log thesis.db"),
        ("See those of item 12.", "quorum log thesis.db --item 12"),
    ),
    "agreement": (("See how far reviewers agree.", "quorum agreement thesis.db"),),
    "check": (("See whether a project is sound.", "quorum check thesis.db"),),
    "backup": (("Copy a project, also during a run.", "quorum backup thesis.db thesis-copy.db"),),
    "rescue": (("Save what can be read of a damaged project.", "quorum rescue damaged.db saved.db"),),
    "keys": (("See every key, and where your own are set.", "quorum keys"),),
    "dedup": (
        ("Drop tasks that resemble earlier ones.", "quorum dedup tasks.jsonl --out fewer.jsonl"),
        (
            "Drop those that resemble a test set.",
            "quorum dedup tasks.jsonl --against test.jsonl --out clean.jsonl",
        ),
    ),
    "bench": (
        ("Measure method, screens and engine.", "quorum bench"),
        ("Measure the engine on few-shot requests alone.", "quorum bench --only fewshot --rounds 3"),
    ),
    "completion": (
        ("Complete in bash from now on.", "quorum completion bash >> ~/.bashrc"),
        ("Complete in fish.", "quorum completion fish > ~/.config/fish/completions/quorum.fish"),
    ),
    "man": (
        ("Read the page.", "quorum man | man -l -"),
        ("Have it found by man.", "quorum man > ~/.local/share/man/man1/quorum.1"),
    ),
    "help": (
        ("Read a page of the manual.", "quorum help review"),
        ("Read the help of a command.", "quorum help import seeds"),
    ),
}
"""Per command what the example does and its line, as a shell takes it."""


def lines(command: str) -> list[str]:
    """Return the examples of a command, each its purpose as a comment and its line."""
    return [line for what, call in EXAMPLES.get(command, ()) for line in (f"# {what}", call)]


def show_in(command: click.Command, name: str) -> click.Command:
    """Return the command with its examples at the end of its help, and those of its subcommands."""
    if shown := lines(name):
        # \b keeps click from joining the lines.
        command.epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in shown)
    if isinstance(command, click.Group):
        for below, inner in command.commands.items():
            show_in(inner, f"{name} {below}")
    return command
