"""Builds and moves everything: ingress, router, relay, dispatcher, deliverer, clock, and the command line."""
