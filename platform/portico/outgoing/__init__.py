"""Asking servers whose address somebody has typed in: where that may lead, and for how long."""
