"""Portico's words in other languages. `docs/translating.md` says how to add and change them."""
