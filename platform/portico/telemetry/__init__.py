"""What the site says about itself while it runs: log lines, counters, heartbeats, traces.

Ids of requests and tenants, never a person's name, address or secret. Every layer may use
what is here, and it knows none of them. Whether the site is well, and the page where the
counters are read, is `portico.operating`.
"""
