"""The languages of the public pages: catalogues, how far each was reviewed, and which are shown to whom."""
