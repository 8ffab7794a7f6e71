"""What each command does: open the session, run the stages, show what came of it."""
