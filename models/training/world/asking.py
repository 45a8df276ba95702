"""Forms of asking which all look-up families share, and the look-up family itself.

Each family adds many phrasings of its own; these only make sure that no usual form is missing.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from .facts import with_article
from .grammar import Draw, Family


def either(words: Sequence[str]) -> str:
    """Return the alternatives in template form."""
    return "{" + "|".join(words) + "}"


def asks(whats: Sequence[str], nouns: Sequence[str]) -> tuple[str, ...]:
    """Return the usual ways to ask for "the WHAT of this NOUN"; both are bare singular noun phrases."""
    what, noun = either(whats), either(nouns)
    title = either([word[0].upper() + word[1:] for word in whats])
    some = either([with_article(word) for word in nouns])
    this = "{this|the} " + noun
    return (
        f"{{Give|Write|State|Provide|Name}} the {what} of {{this|the|the given|the following}} {noun}.",
        f"What is the {what} of {{this|the|the given|the following}} {noun}?",
        f"{title}{{| of {this}| of {noun}}}{{:|}}",
        f"{{Tell me|Let me know|Show me}} the {what} of {this}.",
        f"{{Here is|This is|You get|You see|Below is}} {some}. {{Give|Write|Tell me|Answer with}}"
        f" {{its|the}} {what}.",
        f"{{Here is|This is|I have|There is}} {some}. What is {{its|the}} {what}?",
        f"{{I need|I want|I would like|I am looking for|I want to know|I have to find}} the {what} of"
        f" {this}.",
        f"I {{forgot|do not know|cannot remember|wonder about|am not sure about}} the {what} of {this}.",
        f"{{Do you know|Can you tell me|Could you give me|Do you remember}} the {what} of {this}?",
        f"{{What|Which}} {what} {{does {this} have|belongs to {this}}}?",
        f"{{Find|Look up|Work out|Determine|Identify}} the {what} of the {noun}{{| given| below| in the"
        f" input}}.",
        f"For {{this|the|the given}} {noun}, {{give|write|name|find}} {{its|the}} {what}.",
        f"Given {some}, {{give|return|output|produce|write}} {{its|the}} {what}.",
        f"{{This|The}} {noun}'s {what}{{:|?|, please.}}",
        f"{{Reply|Answer|Respond}} with the {what} of {{the|this|the given}} {noun}.",
        f"I wonder what the {what} of {this} {{is|would be}}.",
    )


def lookup(name: str, table: Mapping[str, str], phrasings: tuple[str, ...]) -> Family:
    """Return the kind-A family that reads its answer from a closed table."""
    pairs = tuple(table.items())

    def draw(rng: random.Random) -> Draw:
        question, answer = rng.choice(pairs)
        return Draw(question, answer)

    return Family(name, "A", phrasings, draw)


def sorting(name: str, groups: Mapping[str, Sequence[str]], phrasings: tuple[str, ...]) -> Family:
    """Return the kind-A family that answers with the group of a member; all groups are equally likely."""
    labels = tuple(groups)

    def draw(rng: random.Random) -> Draw:
        label = rng.choice(labels)
        return Draw(rng.choice(groups[label]), label)

    return Family(name, "A", phrasings, draw)
