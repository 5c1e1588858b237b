"""Learning from the examples: `python app.py train`. The one part that needs scikit-learn; the service does not."""
