"""What the writers of Embase.com, Web of Science, Scopus and the Cochrane Library share."""
