"""Which settings are fastest for a model here: measured once (`runner`, `search`), kept (`record`)."""
