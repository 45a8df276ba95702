"""Everything that runs beside llama.cpp, in a process of its own: `python -m app.engine.worker`."""
