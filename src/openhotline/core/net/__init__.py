"""The only thing in the platform that opens connections: addresses, fetching, mail, registration look-ups."""
