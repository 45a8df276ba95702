"""Which answers may vote, and what becomes of a vote without those that may not."""

import random

import pytest

from app.method.consensus import Answers, RuleChoice, Vote, part_of, vote_again, vote_on
from app.method.equality import content, values
from app.method.explanation import explain
from app.method.may_vote import ECHO, barred, repeats
from app.method.recipe_parts import Rule
from app.method.rouge import rouge_l_f1, tokenise
from app.method.terms import Ended

LONG = "The old lighthouse keeper walked slowly down to the harbour every single morning of the year"
LOOP = "the hen and the fox and " * 8


@pytest.mark.parametrize(
    ("instruction", "input", "output", "ended", "reason"),
    [
        ("Name the animal.", "A hen met a fox.", " A hen met\n a fox. ", "end", "output_equals_input"),
        ("Name the animal.", "A hen met a fox.", "Name the animal", "end", "output_equals_instruction"),
        ("Translate it.", "It’s “late”.", 'It\'s "late".', "end", "output_equals_input"),
        ("Shorten the text.", LONG, LONG.replace("single ", ""), "end", "output_equals_input"),
        ("把这句话翻译成英文。", "北京是中国的首都。", "北京是中国的首都。", "end", "output_equals_input"),
        ("Name a river.", "", "I'm sorry, but I cannot do that.", "end", "refusal"),
        ("Nenne einen Fluss.", "", "Es tut mir leid, das kann ich nicht beantworten.", "end", "refusal"),
        ("Describe a pond.", "", LOOP, "end", "repeats"),
        ("Describe a pond.", "", LOOP, "length", "repeats"),
        ("Describe a pond.", "", "A pond is a small", "length", "cut_by_length"),
        ("Name a river.", "", "The Rhine", "stop", None),
        ("Name a river.", "", "", "end", None),  # left to the rules
    ],
)
def test_an_answer_that_echoes_refuses_loops_or_was_cut_may_not_vote(
    instruction: str, input: str, output: str, ended: Ended, reason: str | None
) -> None:
    assert barred(instruction, input, output, ended) == reason


@pytest.mark.parametrize(
    ("instruction", "input", "output"),
    [
        ("Write it in capitals.", "hello there", "HELLO THERE"),
        ("Negate it.", "x < 3", "x > 3"),
        ("What is the absolute value?", "-5", "5"),
        ("Replace the last number by 12.", "1 2 3 4 5 6 7 8 9 10 11", "1 2 3 4 5 6 7 8 9 10 12"),
        ("Write the plural.", "cat", "cats"),
        ("Write the past tense.", "walk", "walked"),
        ("Join the sentences.", "Amy wore a coat. It was cold.", "Amy wore a coat because it was cold."),
        ("Correct it.", "Lets eat grandma.", "Lets eat, grandma."),
        ("Make it a question.", "You are here.", "You are here?"),
        ("Take away the punctuation.", "Hello, world!", "Hello world"),
        ("Begin with a capital.", "the cat sat", "The cat sat"),
        ("End it properly.", "北京是中国的首都", "北京是中国的首都。"),
        ("Mend the code.", "for x in xs\n    print(x)", "for x in xs:\n    print(x)"),
        ("Correct the word.", LONG.replace("slowly", "slowlie"), LONG),
        (
            "Sort the words.",
            "a b c d e f g h i k j l m n o p q r s t",
            "a b c d e f g h i j k l m n o p q r s t",
        ),
        ("Negate the sentence.", "I can swim.", "I can't swim."),
        ("Make it an exclamation.", "I'm looking forward to it.", "I can't wait!"),
        ("Answer the customer.", "Do you have bread?", "Sorry, we have no bread left today."),
        ("Say the opposite.", "I am able to help you.", "I am unable to help you."),
        ("Write an apology for being late.", "", "I'm sorry that I was late."),
        ("Schreibe eine Entschuldigung.", "", "Es tut mir leid, dass ich zu spät kam."),
        ("Escribe una disculpa.", "", "Lo siento, he llegado tarde."),
        ("Rédige un mot d'excuse.", "", "Désolée, je suis en retard."),
        ("Escreva um pedido de desculpas.", "", "Sinto muito, cheguei tarde."),
        ("Напиши извинение.", "", "Извините, что я опоздал."),
        ("写一封道歉信。", "", "很抱歉我迟到了。"),
        ("एक माफ़ीनामा लिखो।", "", "मुझे खेद है कि मैं देर से आया।"),
        ("একটি ক্ষমাপ্রার্থনা লেখো।", "", "আমি দুঃখিত, আমার দেরি হয়েছে।"),
        ("اكتب اعتذارا.", "", "أعتذر عن تأخري."),
        ("ایک معذرت لکھو۔", "", "معذرت، مجھے دیر ہو گئی۔"),
        (
            "Translate into English.",
            "Es tut mir leid, ich kann leider nicht kommen.",
            "I'm sorry, I can't come.",
        ),
    ],
)
def test_a_task_whose_answer_is_near_its_input_is_not_an_echo_where_the_change_can_be_seen(
    instruction: str, input: str, output: str
) -> None:
    assert barred(instruction, input, output) is None


def decided(
    outputs: list[str], reasons: list[str], rule: Rule = "quorum", asked: int = 0, threshold: float = 0.2
) -> Vote:
    at_least = "half" if rule == "quorum" else None
    choice = RuleChoice(rule, threshold, "auto", at_least)  # type: ignore[arg-type]
    return vote_on([Answers(outputs, reasons, asked, "item")], choice)[0]


def test_an_echo_is_one_by_its_similarity_though_that_is_not_computed() -> None:
    """What is left out in order is all that a repetition may lack, so its length tells its similarity."""
    rng, words = (
        random.Random(3),
        [
            "the",
            "Red",
            "fox",
            "runs",
            "over",
            "2",
            "hills",
            "and",
            "3",
            "lakes",
            "to",
            "find",
            "its",
            "den,",
            "again",
        ],
    )
    found = set()
    for _ in range(3_000):
        source = rng.choices(words, k=rng.randint(3, 24))
        output = [word for word in source if rng.random() < 0.96]
        if rng.random() < 0.2:
            output.insert(rng.randrange(len(output) + 1), rng.choice(words))
        one, other = " ".join(output), " ".join(source)
        tokens = [tokenise(text, "rouge-score") for text in (one, other)]
        rest = iter(tokens[1])
        by_definition = abs(sum(map(str.isupper, one)) - sum(map(str.isupper, other))) <= 1 and (
            content(one) == content(other)
            or (
                rouge_l_f1(one, other) >= ECHO
                and all(word in rest for word in tokens[0])
                and values(one) == values(other)
            )
        )
        assert repeats(one, other) == (bool(one) and by_definition)
        found.add((by_definition, content(one) == content(other)))
    assert found == {(True, True), (True, False), (False, False)}
    assert not any(repeats(*texts) for texts in (("x y", "!?"), ("!?", "x y"), ("?!", "!?"), ("", "x")))


@pytest.mark.parametrize("rule", ["released", "paper", "quorum"])
def test_barred_answers_neither_win_nor_decide_and_stay_in_the_matrix(rule: Rule) -> None:
    outputs = ["a hen met a fox", "a hen met a fox", "a hen", "the hen"]
    echo = "output_equals_input"
    vote = decided(outputs, [echo, echo, "", ""], rule)
    assert vote.winner in (2, 3) and vote.voting == [2, 3] and vote.barred == (echo, echo, "", "")
    assert len(vote.matrix) == 4 and vote.matrix[0][1] == 1.0
    # Every figure is what a vote of the others alone says.
    alone = decided(outputs[2:], ["", ""], rule)
    for name in ("lowest", "mean", "tie", "short", "keep", "reason", "disagreement", "score", "equal"):
        assert getattr(vote, name) == getattr(alone, name), name
    assert alone.winner is not None and vote.winner == alone.winner + 2
    assert "2 of 4 voted" in explain(vote, ["a", "b", "c", "d"], outputs)
    # All vote as they once did; the way back needs no new score.
    everyone = RuleChoice(rule, 0.2, "auto", "half" if rule == "quorum" else None, "all")
    [again] = vote_again([(Answers(outputs), vote)], everyone)
    assert (again.winner, again.barred, again.asked) == (0, None, 0)


@pytest.mark.parametrize("rule", ["released", "paper", "quorum"])
def test_one_answer_left_of_several_asked_is_no_agreement(rule: Rule) -> None:
    left = decided(["Rhine", LOOP], ["", "repeats"], rule)
    assert (left.winner, left.keep, left.reason, left.decided_by) == (0, False, "no_agreement", "only-one")
    assert left.score is None, "no threshold changes that"
    unusable = decided(["Rhine"], [""], rule, asked=2)
    assert (unusable.keep, unusable.reason, unusable.asked) == (False, "no_agreement", 2)
    alone = decided(["Rhine"], [""], rule, asked=1)
    assert (alone.keep, alone.decided_by) == (True, "only-one")


def test_without_any_answer_that_may_vote_there_is_no_winner() -> None:
    vote = decided([LOOP, "x"], ["repeats", "output_equals_input"])
    assert (vote.winner, vote.keep, vote.reason, vote.decided_by) == (None, False, "no_voter", "nobody")
    assert explain(vote, ["a", "b"], [LOOP, "x"]).startswith("no answer may vote · 0 of 2 voted · dropped")


def test_smaller_ensembles_and_other_thresholds_come_from_the_stored_scores() -> None:
    outputs, reasons = ["a hen", LOOP, "the hen", "a hen"], ["", "repeats", "", ""]
    whole = decided(outputs, reasons)
    for members in ([0, 1], [0, 2], [1, 2, 3], [0, 2, 3]):
        part = part_of(whole, members)
        texts, why = [outputs[at] for at in members], [reasons[at] for at in members]
        choice = RuleChoice("quorum", 0.2, "auto", "half")
        assert part.barred == tuple(why)
        assert vote_again([(Answers(texts, why, key="item"), part)], choice) == [decided(texts, why)]


@pytest.mark.parametrize("texts", [("the hen", "a big fox"), ("cats sleep", "dogs run.")])
def test_a_tie_of_two_is_settled_by_the_answers_and_not_by_their_order(texts: tuple[str, str]) -> None:
    one = decided(list(texts), [], threshold=0.0)
    other = decided(list(reversed(texts)), [], threshold=0.0)
    assert one.tie and one.winner is not None and other.winner == 1 - one.winner
    if len(texts[0]) != len(texts[1]):
        assert texts[one.winner] == min(texts, key=len)
    # The sources' rules keep their own: the earlier one wins.
    assert [decided(list(pair), [], "released", 0, 0.0).winner for pair in (texts, texts[::-1])] == [0, 0]


def test_answers_as_long_as_each_other_win_by_lot_and_none_wins_in_every_item() -> None:
    choice = RuleChoice("quorum", 0.0, "auto", "half")
    votes = [vote_on([Answers(["cat", "dog"], key=f"item {n}")], choice)[0] for n in range(40)]
    assert 10 < sum(vote.winner == 0 for vote in votes) < 30


def test_a_copy_that_only_lost_its_full_stop_and_capital_does_not_vote() -> None:
    for task, given, said in (
        ("Why is the animal's skin brown?", "It's too cold.", "It's too cold"),
        ("What relates these words?", "I will get a job in the airport.", "i will get a job in the airport"),
        ('Add the word "and" at the end.', "The first day of the year", "the first day of the year"),
    ):
        assert barred(task, given, said) == "output_equals_input", said
    for task in ("Remove all punctuation.", "Write it in lower case.", "Correct the sentence."):
        assert barred(task, "It is too cold.", "it is too cold") is None
    assert barred("Is it a question?", "is it cold", "Is it cold?") is None, "something was added"
