"""The understanding: text in, decision out. Pure; knows nothing of tables, web or queue."""
