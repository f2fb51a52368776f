"""Signing in with OpenID Connect: the authorization code flow with state, nonce and PKCE.

`fetch` asks a provider, `discovery` knows where it answers, `flow` goes there and back,
`claims` judges what it said, `people` finds whose account that is.
"""
