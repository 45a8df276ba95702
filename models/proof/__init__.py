"""`make proof`: what models, rules, learning and a student are worth in a world whose answers are known.

    python -m models.proof

Tasks are drawn from the world that the bundled models know (`models.training.world`), of the fiftieth that
training never saw. What is drawn and answered is kept in `build/proof/`, so that a run that ended early is
resumed by the same command.
"""
