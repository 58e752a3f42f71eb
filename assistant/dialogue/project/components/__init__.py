"""Our components of Rasa's pipeline, and the channel it is asked through. Python 3.10."""
