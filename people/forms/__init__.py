"""Forms of the people app: the shape of input and its messages."""
