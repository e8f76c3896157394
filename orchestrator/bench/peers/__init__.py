"""The engines a user would pick instead, each doing the benches' one piece of work; see orchestrator/bench/contenders.

Their libraries are the extra ``bench``: nothing but the benches imports these modules.
"""
