"""The staff's pages with ten thousand to a million tickets behind them: how long each takes, and how many queries."""
