"""Where tracker and manual reporting disagree."""
