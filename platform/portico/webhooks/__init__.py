"""What programs outside are told: whoever subscribes gets a signed POST for each event.

An event is written in the transaction of what happened, one row for each subscription that
wants it; a worker sends it (Standard Webhooks, https://www.standardwebhooks.com).
"""
