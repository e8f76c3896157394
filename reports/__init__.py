"""The report of an inspection: from plain facts to one printable page, as HTML and as PDF."""
