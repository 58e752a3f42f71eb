"""The steps of answering, one verb a file: a Draft in, a Draft or an Ending out."""
