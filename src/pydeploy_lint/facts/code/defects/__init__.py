"""What keeps a module of the app from being imported: it does not compile, or uses what nothing defines."""
