"""What Jarvis says of itself to those who watch it: metrics, traces, reports of errors, pings."""
