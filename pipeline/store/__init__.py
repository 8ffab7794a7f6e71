"""What does a transfer remember from run to run? Its private DuckDB file."""
