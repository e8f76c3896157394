"""Availability and price of a rent by the company's rules: pure code, so that no model ever decides a number.

Read `pricing` first: it makes a `quote` of a `rent`. `availability` says whether a car may be offered at all.
"""
