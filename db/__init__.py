"""The only home of SQL, and the only place that commits."""
