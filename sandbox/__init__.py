"""The outside world, simulated: twins that speak the real protocols, and a chat page to meet Jarvis in."""
