"""How plain a Vietnamese text is: what makes its sentences hard, and what to write instead."""
