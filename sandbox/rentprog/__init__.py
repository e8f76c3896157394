"""RentProg's twin: both API planes over real HTTP with their quirks, and webhooks in Ruby's notation."""
