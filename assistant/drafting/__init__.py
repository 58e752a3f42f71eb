"""Official papers by Decree 30/2020: made from a form or a sentence, and checked."""
