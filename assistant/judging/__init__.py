"""Help for judges and legal aid: the law on a day, issues with their provisions, like cases.

Never a verdict and never a prediction: what is laid side by side is for people to weigh.
"""
