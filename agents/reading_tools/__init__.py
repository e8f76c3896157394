"""Reading tools: what a model may look up to answer a client or a colleague; each is bound to its event by code."""
