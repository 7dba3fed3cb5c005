"""What is wrong: rules and baselines held against the graph."""
