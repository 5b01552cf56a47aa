"""The practice web site and what stands around it: a provider's mail server and a registry, all on loopback."""
