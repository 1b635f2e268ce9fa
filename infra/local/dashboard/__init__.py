"""The dashboard's server: the built page, and the API under the same origin, as CloudFront does on AWS."""
