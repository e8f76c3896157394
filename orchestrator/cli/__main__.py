"""``python -m orchestrator.cli``: the same as ``jarvis``, also where no script was installed."""

from orchestrator.cli import main

main()
