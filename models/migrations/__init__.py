"""The schema's history, run by models.db.migrate."""
