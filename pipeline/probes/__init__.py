"""Where is a process now, and how long did it take? Stopwatch and failpoints."""
