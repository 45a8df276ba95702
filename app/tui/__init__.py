"""The screens: Textual and nothing else. No SQL here, no llama.cpp; foreign text enters by `literal`."""
