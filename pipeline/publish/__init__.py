"""What do analysts open? A publication, Parquet, and answers to SQL."""
