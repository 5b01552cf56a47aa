"""The members' door: our own API, that of Hasher-Matcher-Actioner, and that of NCMEC's hash sharing."""
