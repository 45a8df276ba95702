"""Models on the machines of a Ray cluster. The only folder that imports Ray; loaded where `--on` asks for it.

`remote` alone speaks to Ray. `replica` and `agent` are what runs on the nodes, everything else runs beside
the run, which alone decides and stores.
"""
