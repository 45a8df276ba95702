"""The recipe of the bundled models: the world they learn, the tokenizers, training, packing and measuring."""
