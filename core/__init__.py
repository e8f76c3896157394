"""The words everything else is said in: events, commands, errors, settings. No I/O."""
