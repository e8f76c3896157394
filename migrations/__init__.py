"""Forward-only changes of the schema, each of which the app and its predecessor can both run on."""
