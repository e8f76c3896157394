"""The narrow agents. Each folder is one job; agents do not know each other, they meet through events."""
