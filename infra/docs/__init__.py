"""Makes the documentation: parts that are generated from the code, and the site. ``make docs``."""
