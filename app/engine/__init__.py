"""llama.cpp and nothing else: model files, worker processes, batched generation.

Knows no recipe, no database and no screen. Of our own modules it imports only `app.errors` and
`app.visible`. `llama_cpp` is imported in the worker process alone, never in the app process.
"""
