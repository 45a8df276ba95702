"""What the recipes that ship with the product were earlier: a run that began with one is resumed with it."""

from __future__ import annotations

from app.method.recipe import Recipe, builtin_names, load

FORMER: dict[str, frozenset[str]] = {
    "alpaca": frozenset(
        {
            "fe39b3558e7094f4f7fb78371a65672ddc425681afe0a9196f82965ea4bc82c9",
        }
    ),
    "distill": frozenset(
        {
            "52468fb9fa0168036a31d60f54bb1091e0693f20cbf63f1980e15d770b9e1472",
            "09f3c94c33c35456887a74c68222f74a743937f63b052c3937fbbc7df2a15325",
        }
    ),
    "ensemble-instruct": frozenset(
        {
            "2465287c16712223142adf3227b7c6bf96d3fbc6d5ddfdb270c67b22fcf8fe82",
            "d577bce28c7af39b21f36deb6136ec68ab1ec2626d319a89b72234cb1a8a0e6c",
        }
    ),
    "ensemble-instruct-paper": frozenset(
        {
            "bf00483eacdcc6a4710084b74c1aba363b9716d75def402ff915eba6f18124ce",
        }
    ),
    "ensemble-instruct-released": frozenset(
        {
            "f2a3cf8468214385b3a836119de771055253dc4360ebbf783ee2dd66a70c7813",
        }
    ),
    "evol-instruct": frozenset(
        {
            "6ed434d42ed184cac7399de030accfeef17519878af21e60a39a8209644e5bd0",
            "a7c4063c1c51a49194e91118c4fe9441991be48c2ec12cad8cd2011e6b127786",
        }
    ),
    "lamini-example": frozenset(
        {
            "9c2fae52cb63521096ad29f4528b16b265c572062b82f515fc9cb54b6f32cfe0",
            "c09cf7d7bbe783668ae447446a511d18af788260f61226ea37c8f2f5d694117b",
        }
    ),
    "lamini-topic": frozenset(
        {
            "0accb786551f9439e029b29cb63fa16b2f21a6976cfa52c39517feea0ea682d5",
            "36aeedf1cb17a0abdd4172c20b973b7fdce191bfbe01b61d38060dddb4a282f0",
        }
    ),
    "more-inputs": frozenset(),
    "self-instruct": frozenset(
        {
            "2585ef509ee3e93c4748c0f3c5cac4fab37d0941a681b6a4a05925b5c5a6f13f",
        }
    ),
}
"""The hashes that each built-in recipe had in earlier releases, without topics."""


def began_with_former(stored: Recipe, present: Recipe) -> bool:
    """Say whether a run has an earlier form of a built-in recipe whose present form is meant now."""
    name = present.name
    if stored.name != name or name not in builtin_names() or _topics(stored) != _topics(present):
        return False
    is_builtin = _without_topics(present).recipe_hash == _without_topics(load(name)).recipe_hash
    return is_builtin and _without_topics(stored).recipe_hash in FORMER.get(name, ())


def _topics(recipe: Recipe) -> tuple[str, ...]:
    return tuple(getattr(recipe.instructions, "topics", ()))


def _without_topics(recipe: Recipe) -> Recipe:
    if not _topics(recipe):
        return recipe
    return recipe.model_copy(update={"instructions": recipe.instructions.model_copy(update={"topics": ()})})
