"""System checks of the people app."""
