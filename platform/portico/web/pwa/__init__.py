"""The portal as an app on a phone: manifest, service worker, what works without a network."""
