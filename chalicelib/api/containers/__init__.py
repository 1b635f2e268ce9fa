"""Services of the routes, by what they are about; ``chalicelib/api/container.py`` joins them."""
