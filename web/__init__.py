"""What the owner sees: the panel at ``/`` and the REST interface under ``/api``."""
