"""Starts the system on one machine: virtual environment, database, queue, processes. Standard library only."""
