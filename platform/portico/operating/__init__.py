"""Is the site well, and how much is there to do? For probes, Prometheus and who is on duty."""
