"""A generated year of tickets through clocks and ladders: `python -m benchmarks year`."""
