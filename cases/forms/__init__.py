"""The shape of input and its messages; nothing here writes."""
