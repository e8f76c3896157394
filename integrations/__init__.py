"""Wire clients of the outside systems. They know nothing of the application and never touch the database."""
