"""Mail: alerts and digests by SMTP."""
