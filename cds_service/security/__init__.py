"""Who may call: signed tokens (CDS Hooks 2.0, "Trusting CDS Clients"), the keys they are checked with, replay.

`tokens.Gatekeeper.admit` is the whole of it. Everything that can be refused without the network is.
"""
