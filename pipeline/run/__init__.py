"""Where does a run keep its files, and who holds it? Folder, records, session, lock, log."""
