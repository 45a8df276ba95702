"""In which styles a model can be asked under a recipe, and which one a person or the recipe chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from app.engine import catalog
from app.engine.gguf import ModelHeader, read_header
from app.engine.machine import SMALL_MODEL
from app.engine.names import file_names, meant
from app.errors import ModelError
from app.method.recipe import Recipe
from app.method.recipe_forms import AnswerStage
from app.method.terms import STYLES, Style, WriterStyle

Styles = Mapping[Path, Style]
"""The styles that a person chose, by the files of the models."""


def possible_styles(header: ModelHeader, stage: AnswerStage) -> tuple[Style, ...]:
    """Return every style that a model can take under a recipe, the default one first."""
    if header.encoder_decoder:
        return ("zero-shot",)
    styles: list[Style] = []
    if header.has_chat_template:
        styles += ["chat", "chat-no-system"] if stage.system.strip() else ["chat"]
        styles.append("chat-examples")
    styles += ["few-shot", "few-shot-input-first"] if stage.input_first else ["few-shot"]
    first = default_style(header, stage)
    return (first, *(style for style in styles if style != first))


def default_style(header: ModelHeader, stage: AnswerStage) -> Style:
    """Return the style of a model that nobody chose one for and that was not auditioned.

    It is the recipe's where the model can take that. Else a base model gets the input first where the recipe
    knows how; one as small as those that ship with Quorum is asked as it was trained to be.
    """
    plain = catalog.default_style(header)
    if stage.style and why_not(header, stage, stage.style) == "":
        return stage.style
    if plain == "few-shot" and stage.input_first and worth_auditioning(header):
        return "few-shot-input-first"
    return plain


def worth_auditioning(header: ModelHeader) -> bool:
    """Whether it is open how a model answers best: those as small as the bundled ones know one prompt."""
    return header.size >= SMALL_MODEL


def why_not(header: ModelHeader, stage: AnswerStage, style: Style) -> str:
    """Say why a model cannot be asked in a style under a recipe; empty if it can."""
    if header.encoder_decoder:
        return "" if style == "zero-shot" else "it is an encoder-decoder, which takes zero-shot only"
    if style == "zero-shot":
        return "zero-shot is for encoder-decoders"
    if style.startswith("chat") and not header.has_chat_template:
        return "it has no chat template"
    if style == "few-shot-input-first" and stage.input_first is None:
        return "the recipe has no [answers.input_first]"
    return ""


def check_style(header: ModelHeader, stage: AnswerStage, style: Style) -> None:
    """Raise ModelError where a model cannot be asked in a style under a recipe."""
    if reason := why_not(header, stage, style):
        raise ModelError(
            f"{header.path.name} cannot be asked in style {style}: {reason}.",
            f"It can take: {', '.join(possible_styles(header, stage))}.",
        )


def chosen_styles(stage: AnswerStage, answerers: Sequence[Path], given: Iterable[str]) -> dict[Path, Style]:
    """Read what was typed as MODEL=STYLE, where MODEL is how the name of an answerer or its file begins.

    Raises ModelError for another form, a model that does not answer, and a style that it cannot take.
    """
    chosen: dict[Path, Style] = {}
    headers = {path: read_header(path) for path in answerers}
    for text in given:
        name, _, typed = text.rpartition("=")
        style = next((style for style in STYLES if style == typed), None)
        if not name or style is None:
            raise ModelError(
                f"{text!r} is not of the form MODEL=STYLE.", f"The styles are: {', '.join(STYLES)}."
            )
        path = answerer_named(name, headers)
        check_style(headers[path], stage, style)
        chosen[path] = style
    return chosen


def answerer_named(name: str, headers: Mapping[Path, ModelHeader]) -> Path:
    """Return the answerer that is meant by how its name or that of its file begins; else ModelError."""
    found = meant(name, ((path, [header.name, *file_names(path)]) for path, header in headers.items()))
    if len(found) != 1:
        why = "is the name of several answerers" if found else "is not the name of an answerer"
        known = ", ".join(path.name for path in found or headers)
        raise ModelError(f"{name} {why}.", f"Name one of these: {known}.")
    return found[0]


def with_writer_style(recipe: Recipe, writer: Path, style: WriterStyle) -> Recipe:
    """Return the recipe with its writer asked in this style; ModelError where it cannot be."""
    header = read_header(writer)
    why = ""
    if not recipe.instructions.writes:
        why = f"no model writes by recipe {recipe.name}"
    elif style == "chat" and not header.has_chat_template:
        why = "it has no chat template"
    elif style == "continue-lines" and not recipe.instructions.has_end_marks:
        why = f"recipe {recipe.name} has no list whose entries end with a mark"
    if why:
        raise ModelError(
            f"{header.path.name} cannot write in style {style}: {why}.", "Leave --writer-style out."
        )
    return recipe.model_copy(update={"writer_style": style})
