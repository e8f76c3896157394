"""Pictures drawn by the project itself, for the demo, tests and measuring: cars with damage, insides, documents."""
