"""One file per format; every file is read in a jailed child process (`jail`)."""
