"""The commands that are more than starting something; app.py puts them on its command line."""
