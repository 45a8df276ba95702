"""The conductor: what is missing? → ask the engines → apply the method → commit.

`session` drives a run wave by wave; `instructions`, `instances`, `answers` and `votes` are its stages.
Imports neither Textual nor llama.cpp.
"""
